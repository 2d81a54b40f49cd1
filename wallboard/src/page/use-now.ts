import { useEffect, useState } from "preact/hooks";

/** The present moment, renewed every so many milliseconds. */
export function useNow(every: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  // Never behind what caused this rendering.
  return Math.max(now, Date.now() - every);
}
