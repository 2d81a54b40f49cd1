import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { Problem } from "../../live/problem";

/** Others work here, too: what is looked at is asked for again so often, and whenever the page is looked at again. */
const EVERY = 10_000;
/** A list follows its commands a moment later. */
const SOON = 1_000;

interface Loaded<T> {
  /** The last good answer; null before the first. */
  got: T | null;
  problem: Problem | null;
  reload: () => Promise<void>;
}

/**
 * What `load` brings. Another `what` is another question, whose answer is waited for; when only `changed` grows,
 * what is shown stays until the new answer is there.
 */
export function useLoaded<T>(what: string, load: (signal: AbortSignal) => Promise<T>, changed = 0): Loaded<T> {
  const [state, set] = useState<{ what: string; got: T | null; problem: Problem | null }>(NOTHING);
  const running = useRef<AbortController | null>(null);
  const latest = useRef(load);
  latest.current = load;

  const reload = useCallback(async () => {
    running.current?.abort();
    const control = (running.current = new AbortController());
    try {
      const got = await latest.current(control.signal);
      if (!control.signal.aborted) set({ what, got, problem: null });
    } catch (error) {
      if (control.signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      set((before) => ({ what, got: before.what === what ? before.got : null, problem: error }));
    }
  }, [what]);

  useEffect(() => {
    void reload();
    const again = (): void => {
      if (document.visibilityState === "visible") void reload();
    };
    const timer = setInterval(again, EVERY);
    document.addEventListener("visibilitychange", again);
    return () => {
      running.current?.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", again);
    };
  }, [reload]);

  useEffect(() => {
    if (changed === 0) return;
    void reload();
    const soon = setTimeout(() => void reload(), SOON);
    return () => clearTimeout(soon);
  }, [changed]);

  return state.what === what ? { ...state, reload } : { got: null, problem: null, reload };
}

const NOTHING = { what: "", got: null, problem: null };
