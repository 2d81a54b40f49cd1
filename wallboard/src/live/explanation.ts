/** What a number is made of, page by page, as the service explains it. */

import { type Kpi, type Told, withLists } from "./answers";
import type { Fetch } from "./api";

export interface Definition {
  name: string;
  version: number;
  formula: string;
  period: string;
  edges: string;
  source: string;
}

/** An event, and by how much it changed the contribution (money in minor units). */
export interface Cause {
  event_id: string;
  type: string;
  stream: string;
  revision: number;
  occurred_at: string;
  change: number;
}

export interface Contribution {
  entity: string;
  customer: string | null;
  link: string | null;
  measure: string;
  currency: string | null;
  /** For distributions the value itself, such as days. */
  bucket: number;
  value: number;
  events: Cause[];
}

export interface Part {
  name: string;
  terms: { measure: string; sign: number }[];
  entities: number;
}

export interface Explanation extends Told {
  definition: Definition;
  values: Kpi[];
  parts: Part[];
  part: string;
  items: Contribution[];
  /** The cursor of the next page. */
  next: string | null;
}

const PAGE = 10;

export async function explained(fetched: Fetch, query: URLSearchParams, signal: AbortSignal): Promise<Explanation> {
  const page = new URLSearchParams([...query, ["limit", String(PAGE)]]);
  const answer = await fetched("/explain", page, signal);
  return withLists<Explanation>(await answer.json(), "values", "parts", "items");
}

/** The question after this answer: the same moment, so that no page overlaps another. */
export function pinned(query: URLSearchParams, { as_of, part }: Explanation): URLSearchParams {
  const same = new URLSearchParams(query);
  same.set("as_of", as_of);
  same.set("part", part);
  return same;
}

/** A part as its formula writes it: such as `won_count + lost_count`. */
export const termsOf = ({ terms }: Part): string =>
  terms.map(({ measure, sign }, at) => (at === 0 ? "" : sign < 0 ? " − " : " + ") + measure).join("");
