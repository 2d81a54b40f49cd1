/** One question of a board, and how its answer is read; a board is a list of these. */

import type { Range } from "../select/period";
import type { Selection } from "../select/selection";
import type { Told } from "./answers";

/** What every question is about. */
export interface About {
  range: Range;
  /** The business day of the moment shown. */
  today: string;
  selection: Selection;
  /** `from`, `to`, the moment looked back to, and the filters, as the service wants them. */
  query: URLSearchParams;
}

export interface Part<T extends Told = Told> {
  /** One of its kind on a board. */
  name: string;
  path: string;
  /** What is asked, but for the language. */
  query(about: About): URLSearchParams;
  /** Raises `TypeError` for an answer of another shape. */
  read(answer: unknown): T;
}

/** A question put: `id` tells it from another whatever the language. */
export interface Question<T extends Told = Told> {
  part: Part<T>;
  id: string;
  path: string;
  query: URLSearchParams;
}

export function question<T extends Told>(part: Part<T>, about: About, lang: string): Question<T> {
  const query = part.query(about);
  return { part, id: `${part.path}?${query}`, path: part.path, query: plus(query, { lang }) };
}

export function plus(query: URLSearchParams, more: Record<string, string | readonly string[]>): URLSearchParams {
  const added = Object.entries(more).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return new URLSearchParams([...query, ...added] as [string, string][]);
}
