/** What has just changed on the board, remembered for some seconds. */

import type { Kpi } from "./answers";

export interface Change {
  key: string;
  by: number;
  at: number;
}

/** How long a change stays in sight. */
export const IN_SIGHT = 6_000;

/** Several KPIs share a name when there are several currencies. */
export const keyOf = (kpi: Pick<Kpi, "name" | "currency">): string => `${kpi.name}·${kpi.currency ?? ""}`;

/** By how much each value moved; a value that came or went is not a change of so much. */
export function differences(before: readonly Kpi[], after: readonly Kpi[], at: number): Change[] {
  const earlier = new Map(before.map((kpi) => [keyOf(kpi), kpi.value]));
  return after.flatMap((kpi) => {
    const old = earlier.get(keyOf(kpi)) ?? null;
    if (old === null || kpi.value === null || old === kpi.value) return [];
    return [{ key: keyOf(kpi), by: exact(kpi.value - old), at }];
  });
}

/** Takes away what binary fractions add: 0.3 - 0.1 is 0.2. */
const exact = (by: number): number => Number(by.toFixed(8));

export const inSight = (changes: readonly Change[], now: number): Change[] =>
  changes.filter((change) => now - change.at < IN_SIGHT);

/** Changes of one tile that follow closely are shown as one sum. */
export function sums(changes: readonly Change[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { key, by } of changes) found.set(key, exact((found.get(key) ?? 0) + by));
  return found;
}
