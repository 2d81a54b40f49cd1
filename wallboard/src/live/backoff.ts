/** How long to wait before the next try: doubling from one second to fifteen, a little shaken. */

const FIRST = 1_000;
const LONGEST = 15_000;

export function backoff(failures: number, chance: number = Math.random()): number {
  const wait = Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 10));
  return wait * (0.75 + chance / 4);
}
