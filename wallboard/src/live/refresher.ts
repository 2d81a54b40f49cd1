/** Turns any number of "something changed" into few refreshes: one at a time, and one after the last. */

import { backoff } from "./backoff";

export interface Refresher {
  /** Something changed: refresh after `pause`, but no sooner than `wait` after the last began; one at a time. */
  ask(): void;
  /** What is shown changed: give up the one under way and refresh at once. */
  restart(): void;
  stop(): void;
}

/** `run` is aborted by its signal; when it fails it is tried again, ever more slowly. */
export function refresher(run: (signal: AbortSignal) => Promise<void>, wait = 50, pause = 0): Refresher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | null = null;
  let again = false;
  let failures = 0;
  let stopped = false;
  let began = -wait;

  function later(ms: number): void {
    // The first of a burst sets the time, so that a steady stream of events cannot starve the page.
    if (!stopped) timer ??= setTimeout(go, ms);
  }

  function cancel(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  async function go(): Promise<void> {
    cancel();
    began = performance.now();
    const mine = new AbortController();
    running = mine;
    again = false;
    let failed = false;
    try {
      await run(mine.signal);
    } catch {
      failed = true;
    }
    if (running !== mine) return; // restarted or stopped: another run has taken over
    running = null;
    failures = failed ? failures + 1 : 0;
    if (failed) later(backoff(failures - 1));
    else if (again) later(rest());
  }

  const rest = (): number => Math.max(pause, began + wait - performance.now());

  return {
    ask() {
      if (running) again = true;
      else if (failures === 0) later(rest());
      else if (timer === undefined) later(backoff(failures - 1));
    },
    restart() {
      if (stopped) return;
      running?.abort();
      failures = 0;
      void go();
    },
    stop() {
      stopped = true;
      running?.abort();
      running = null;
      cancel();
    },
  };
}
