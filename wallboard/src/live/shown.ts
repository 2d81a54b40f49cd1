/** Everything the page shows at one moment; replaced whole, never changed in place. */

import type { Funnel, Handoffs, Kpis, Leaderboard, Organisation } from "./answers";
import type { Health } from "./connection";
import type { Reach } from "./freshness";

export interface Parts {
  kpis: Kpis;
  funnel: Funnel;
  leaderboard: Leaderboard;
  handoffs: Handoffs;
}

export type Part = keyof Parts;
export const PARTS: readonly Part[] = ["kpis", "funnel", "leaderboard", "handoffs"];

/** An answer with the question it answers: numbers of other filters must not pass for these. */
export interface Answered<T> {
  to: string;
  answer: T;
  /** How far its data reaches. */
  reach: readonly Reach[];
}

export interface Shown {
  parts: { readonly [P in Part]?: Answered<Parts[P]> };
  /** What is asked now, by part. */
  questions: { readonly [P in Part]?: string };
  /** Parts whose last refresh did not work. */
  failed: readonly Part[];
  /** What the service said was wrong with the question, in its words. */
  problem: string | null;
  /** How much tiles moved just now, by `keyOf`. */
  changes: ReadonlyMap<string, number>;
  organisation: Organisation;
  /** Product lines met so far. */
  lines: readonly string[];
  health: Health;
  token: "fine" | "wanted" | "refused";
}

export const initial: Shown = {
  parts: {},
  questions: {},
  failed: [],
  problem: null,
  changes: new Map(),
  organisation: { teams: [], people: [], lines: [] },
  lines: [],
  health: { open: false, failing: false, good: null },
  token: "fine",
};
