/** Which requests make up the board for a selection. */

import { businessDay } from "../format/time";
import { rangeOf } from "../select/period";
import { ASKED } from "../select/groups";
import { asked, type Selection } from "../select/selection";
import type { Lang } from "../words/words";
import type { Funnel, Handoffs, Kpis, Leaderboard } from "./answers";
import { withLists } from "./answers";
import type { Part, Parts } from "./shown";

export interface Question<P extends Part> {
  path: string;
  query: URLSearchParams;
  /** Tells one question from another whatever the language. */
  id: string;
  read: (answer: unknown) => Parts[P];
}

export type Questions = { [P in Part]: Question<P> };

export function questions(selection: Selection, lang: Lang, now: number): Questions {
  const range = rangeOf(selection.period, businessDay(now));
  const query = asked(range, selection);
  const figures = new URLSearchParams([...query, ...ASKED.map((name) => ["kpi", name])]);
  const ranked = plus(query, { by: selection.by, kpi: "won_amount" });
  const days = new URLSearchParams({ from: range.from, to: range.to });
  const question = <P extends Part>(
    path: string,
    about: URLSearchParams,
    read: (answer: unknown) => Parts[P],
  ): Question<P> => ({ path, query: plus(about, { lang }), id: `${path}?${about}`, read });
  return {
    kpis: question("/kpis", figures, (answer) => withLists<Kpis>(answer, "kpis")),
    funnel: question("/funnel", query, (answer) => withLists<Funnel>(answer, "stages")),
    leaderboard: question("/leaderboard", ranked, (answer) => withLists<Leaderboard>(answer, "rows")),
    handoffs: question("/handoffs", days, (answer) => withLists<Handoffs>(answer, "departments", "open")),
  };
}

function plus(query: URLSearchParams, more: Record<string, string>): URLSearchParams {
  return new URLSearchParams([...query, ...Object.entries(more)]);
}
