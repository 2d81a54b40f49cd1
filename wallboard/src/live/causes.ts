/** Because of what a figure moved: the last event that changed a measure of its formula. */

import { named } from "../words/names";
import type { Lang } from "../words/words";
import type { Cell, Definition } from "./answers";

export interface Cause {
  /** The event's wire name, such as `deal-won.v1`. */
  type: string;
  /** Whose event it was, such as `deal-42`. */
  stream: string;
}

/** The measures that each figure is worked out from. */
export const measuresOf = (definitions: readonly Definition[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(definitions.map(({ name, measures }) => [name, new Set(measures)]));

/** The newest of these causes that concerns a figure. */
export function causeOf(
  measures: ReadonlySet<string> | undefined,
  causes: ReadonlyMap<string, Cause & { at: number }>,
): Cause | null {
  const concerned = [...(measures ?? [])].flatMap((measure) => causes.get(measure) ?? []);
  return concerned.reduce<(Cause & { at: number }) | null>((last, one) => (last && last.at > one.at ? last : one), null);
}

/** What cells tell of causes, by their measure. */
export function caused(cells: readonly Cell[], at: number): Map<string, Cause & { at: number }> {
  return new Map(
    cells.flatMap(({ measure, type, stream }) => (measure && type && stream ? [[measure, { type, stream, at }]] : [])),
  );
}

/** Such as `Deal won · deal-42`. */
export const saidOf = ({ type, stream }: Cause, lang: Lang): string => `${named("event", type, lang)} · ${stream}`;
