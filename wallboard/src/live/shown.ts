/** Everything the page shows at one moment; replaced whole, never changed in place. */

import type { Door } from "../door/door";
import type { Organisation, Told } from "./answers";
import type { Moved } from "./changes";
import type { Health } from "./connection";
import type { Reach } from "./freshness";
import type { Part } from "./part";

/** An answer with the question it answers: numbers of other filters must not pass for these. */
export interface Answered<T extends Told = Told> {
  to: string;
  answer: T;
  /** How far its data reaches. */
  reach: readonly Reach[];
}

export interface Shown {
  /** By the part's name. */
  parts: ReadonlyMap<string, Answered>;
  /** What is asked now, by the part's name. */
  questions: ReadonlyMap<string, string>;
  /** Names of parts whose last refresh did not work. */
  failed: readonly string[];
  /** What the service said was wrong with the question, in its words. */
  problem: string | null;
  /** How tiles moved just now, by `keyOf`. */
  changes: ReadonlyMap<string, Moved>;
  organisation: Organisation;
  /** Product lines met so far. */
  lines: readonly string[];
  health: Health;
  token: "fine" | "wanted" | "refused";
  /** Where the person signed in, or is to; null where a token is given. */
  door: Door | null;
}

export const initial: Shown = {
  parts: new Map(),
  questions: new Map(),
  failed: [],
  problem: null,
  changes: new Map(),
  organisation: { teams: [], people: [], lines: [], products: [] },
  lines: [],
  health: { open: false, failing: false, good: null },
  token: "fine",
  door: null,
};

/** What a part was answered last, whatever it was asked. */
export const answered = <T extends Told>(shown: Shown, part: Part<T>): Answered<T> | undefined =>
  shown.parts.get(part.name) as Answered<T> | undefined;

/** Whether a part shows the answer to what is asked now, and not to what was asked before. */
export function isCurrent(shown: Shown, { name }: Part): boolean {
  const last = shown.parts.get(name);
  return last !== undefined && last.to === shown.questions.get(name);
}

/** Whether everything that is asked now is answered. */
export const isWhole = ({ parts, questions }: Shown): boolean =>
  [...questions].every(([part, asked]) => parts.get(part)?.to === asked);

export const reaches = (shown: Shown): Reach[] => [...shown.parts.values()].flatMap(({ reach }) => reach);
