/** What a number is made of, page by page, as the service explains it. */

import type { components } from "../contract/performance";
import type { Range } from "../select/period";
import type { Filter } from "../select/selection";
import { withLists } from "./answers";
import type { Fetch } from "./api";

/** A number that somebody wants explained. */
export interface Figure {
  /** The KPI it is of. */
  name: string;
  label: string;
  /** Whose it is, where it is not everybody's on the board. */
  of?: Partial<Record<Filter, string>>;
  /** The days it is of, where they are not the board's. */
  days?: Range;
  /** The moment it is of (ISO), where it is not the board's. */
  asOf?: string | null;
}

type Contract = components["schemas"];

export type Explanation = Contract["Explanation"];
/** An event, and by how much it changed the contribution (money in minor units). */
export type Cause = Contract["CauseView"];
export type Contribution = Contract["ContributionView"];
export type Part = Explanation["parts"][number];

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
  terms.map(({ label, sign }, at) => (at === 0 ? "" : sign < 0 ? " − " : " + ") + label).join("");
