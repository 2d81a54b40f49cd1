/** How fresh the page is: live, trying to be, or stale since a moment that is named. */

export interface Health {
  /** The event stream is open. */
  open: boolean;
  /** The last refresh did not work. */
  failing: boolean;
  /** When what is shown was last known to be true; null before the first answer. */
  good: number | null;
}

export type Connection =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "reconnecting" }
  | { state: "stale"; since: number };

export const GRACE = 10_000;

export const isLive = ({ open, failing, good }: Health): boolean => open && !failing && good !== null;

export function connection(health: Health, now: number): Connection {
  if (isLive(health)) return { state: "live" };
  if (health.good === null) return { state: "connecting" };
  if (now - health.good < GRACE) return { state: "reconnecting" };
  return { state: "stale", since: health.good };
}
