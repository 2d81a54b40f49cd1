/** How far the data reaches, source by source; events on their way are no lag, only what lasts is one. */

import type { Reached } from "./answers";

/** The sources a board is made from, by the service whose events they carry. */
export const SOURCES = ["customers", "orders", "coordination", "performance"] as const;
export type Source = (typeof SOURCES)[number];

/** A lag that is gone within this is never shown. */
export const PATIENCE = 3_000;

export interface Reach extends Reached {
  /** The service whose events the source carries. */
  source: string;
  /** When this was answered. */
  at: number;
  /** The first of the answers, up to this one, that all found it late; null when it is not. */
  since: number | null;
}

export type State = "fresh" | "behind" | "unknown";

/** `baton.orders.events` carries orders; the performance service reads its own store. */
export function sourceOf(name: string): string {
  if (name === "own store") return "performance";
  return /^baton\.(.+)\.events$/.exec(name)?.[1] ?? name;
}

/** What an answer says after what was known; a source it does not speak of is unknown. */
export function followed(before: readonly Reach[], answer: readonly Reached[], at: number): Reach[] {
  const told = new Map<string, Reached>(
    SOURCES.map((source) => [source, { source, last_event_at: null, lag_events: null, lag_seconds: null }]),
  );
  for (const each of answer) told.set(sourceOf(each.source), each);
  return [...told].map(([source, each]) => {
    const since = before.find((one) => one.source === source)?.since ?? at;
    return { ...each, source, at, since: isLate(each) ? since : null };
  });
}

/** Behind by more than what is on its way: the newest event taken is old although there are newer ones. */
function isLate({ lag_events, lag_seconds }: Reached): boolean {
  if (lag_events === null) return true;
  return lag_events > 0 && (lag_seconds === null || lag_seconds * 1_000 > PATIENCE);
}

export const reachOf = (reaches: readonly Reach[], sources: readonly Source[]): Reach[] =>
  reaches.filter(({ source }) => sources.some((each) => each === source));

const lasts = ({ since, at }: Reach): boolean => since !== null && at - since >= PATIENCE;

/** Late in the last answer, but not for long enough to be told. */
export const isSuspected = (reach: Reach): boolean => reach.since !== null && !lasts(reach);

function stateOfOne(reach: Reach): State {
  if (!lasts(reach)) return "fresh";
  return reach.lag_events === null ? "unknown" : "behind";
}

const STATES: readonly State[] = ["fresh", "behind", "unknown"];

const badness = (reach: Reach): number =>
  STATES.indexOf(stateOfOne(reach)) * 1e9 + (reach.lag_seconds ?? 0);

/** The one that reaches least far. */
export const worst = (reaches: readonly Reach[]): Reach | undefined =>
  reaches.reduce<Reach | undefined>((bad, one) => (bad && badness(bad) >= badness(one) ? bad : one), undefined);

/** The state of the worst of them. */
export function stateOf(reaches: readonly Reach[]): State {
  const bad = worst(reaches);
  return bad ? stateOfOne(bad) : "fresh";
}

/** When the newest event of them all was recorded; null before the first. */
export function newest(reaches: readonly Reach[]): number | null {
  const times = reaches.flatMap(({ last_event_at: at }) => (at === null ? [] : [Date.parse(at)]));
  return times.length > 0 ? Math.max(...times) : null;
}
