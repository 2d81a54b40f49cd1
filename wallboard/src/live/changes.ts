/** What has just changed on the board, remembered for some seconds. */

import type { Kpi } from "./answers";
import type { Cause } from "./causes";

export interface Change {
  key: string;
  by: number;
  at: number;
  because: Cause | null;
}

/** By how much a tile moved just now, and because of what at last. */
export type Moved = Pick<Change, "by" | "because">;

/** How long a change stays in sight. */
export const IN_SIGHT = 6_000;

/** Several KPIs share a name when there are several currencies. */
export const keyOf = (kpi: Pick<Kpi, "name" | "currency">): string => `${kpi.name}·${kpi.currency ?? ""}`;

/** By how much each value moved; a value that came or went is not a change of so much. */
export function differences(
  before: readonly Kpi[],
  after: readonly Kpi[],
  at: number,
  because: (kpi: string) => Cause | null = () => null,
): Change[] {
  const earlier = new Map(before.map((kpi) => [keyOf(kpi), kpi.value]));
  return after.flatMap((kpi) => {
    const old = earlier.get(keyOf(kpi)) ?? null;
    if (old === null || kpi.value === null || old === kpi.value) return [];
    return [{ key: keyOf(kpi), by: exact(kpi.value - old), at, because: because(kpi.name) }];
  });
}

/** Takes away what binary fractions add: 0.3 - 0.1 is 0.2. */
const exact = (by: number): number => Number(by.toFixed(8));

export const inSight = (changes: readonly Change[], now: number): Change[] =>
  changes.filter((change) => now - change.at < IN_SIGHT);

/** Changes of one tile that follow closely are shown as one sum. */
export function sums(changes: readonly Change[]): Map<string, Moved> {
  const found = new Map<string, Moved>();
  for (const { key, by, because } of changes) {
    found.set(key, { by: exact((found.get(key)?.by ?? 0) + by), because });
  }
  return found;
}
