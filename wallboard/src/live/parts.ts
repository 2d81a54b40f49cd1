/** The questions that boards are made of. */

import { dayAfter, type Range } from "../select/period";
import type { By } from "../select/selection";
import {
  type Ageing,
  type Drift,
  type Every,
  type Forecast,
  type Funnel,
  type Handoffs,
  type History,
  type Kpis,
  type Leaderboard,
  type Wins,
  withLists,
} from "./answers";
import { type Part, plus } from "./part";

export const KPIS = "kpis";

/** These figures of the period. */
export const kpis = (names: readonly string[]): Part<Kpis> => ({
  name: KPIS,
  path: "/kpis",
  query: ({ query }) => plus(query, { kpi: names }),
  read: (answer) => withLists<Kpis>(answer, "kpis"),
});

/** The same as they are now, while the board looks back. */
export const kpisNow = (names: readonly string[]): Part<Kpis> => ({
  ...kpis(names),
  name: "kpis-now",
  query: ({ query }) => {
    const now = new URLSearchParams(query);
    now.delete("as_of");
    return plus(now, { kpi: names });
  },
});

export const funnel: Part<Funnel> = {
  name: "funnel",
  path: "/funnel",
  query: ({ query }) => query,
  read: (answer) => withLists<Funnel>(answer, "stages"),
};

/** Who does best at a figure; by person or team as the selection says, or by something else. */
export const ranked = (kpi: string, by?: By): Part<Leaderboard> => ({
  name: `leaderboard-${kpi}`,
  path: "/leaderboard",
  query: ({ query, selection }) => plus(query, { by: by ?? selection.by, kpi }),
  read: (answer) => withLists<Leaderboard>(answer, "rows"),
});

/** Hand-offs belong to departments: no other filter narrows them. */
export const handoffs: Part<Handoffs> = {
  name: "handoffs",
  path: "/handoffs",
  query: ({ query }) => only(query, "from", "to", "as_of"),
  read: (answer) => withLists<Handoffs>(answer, "departments", "open"),
};

/** The deals won last. */
export const wins: Part<Wins> = {
  name: "wins",
  path: "/wins",
  query: ({ query }) => plus(query, { limit: "12" }),
  read: (answer) => withLists<Wins>(answer, "wins"),
};

/** Figures over the period, in spans of one length or of one that suits the period's. */
export const history = (name: string, figures: readonly string[], by?: Every): Part<History> => ({
  name: `history-${name}`,
  path: "/kpis/history",
  query: ({ query, range }) => plus(query, { kpi: figures, by: by ?? suiting(range) }),
  read: (answer) => withLists<History>(answer, "spans"),
});

export const ageing: Part<Ageing> = {
  name: "ageing",
  path: "/ageing",
  query: ({ query }) => query,
  read: (answer) => withLists<Ageing>(answer, "ages"),
};

/** The months of the period; of a long one those around today. */
export const forecast: Part<Forecast> = {
  name: "forecast",
  path: "/forecast",
  query: ({ query, range, today }) => over(query, around(range, today)),
  read: (answer) => withLists<Forecast>(answer, "forecasts"),
};

/** How the forecast of the period moved from day to day: up to today, and no longer than the service tells. */
export const drift: Part<Drift> = {
  name: "drift",
  path: "/forecast/drift",
  query: ({ query, range, today }) => over(query, lately(range, today)),
  read: (answer) => withLists<Drift>(answer, "days"),
};

/** The service tells so many days of each at most. */
const LONGEST_FORECAST = 730;
const LONGEST_DRIFT = 100;

const daysIn = ({ from, to }: Range): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

export function suiting(range: Range): Every {
  const days = daysIn(range);
  if (days <= 62) return "day";
  if (days <= 200) return "week";
  return days <= 1_100 ? "month" : "year";
}

const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);

function around(range: Range, today: string): Range {
  if (daysIn(range) <= LONGEST_FORECAST) return range;
  const from = earlier(later(range.from, dayAfter(today, -LONGEST_FORECAST / 2)), dayAfter(range.to, -1));
  return { from, to: earlier(range.to, dayAfter(from, LONGEST_FORECAST)) };
}

/** A period that has not begun is asked for as it is. */
function lately(range: Range, today: string): Range {
  const to = range.from > today ? range.to : earlier(range.to, dayAfter(today));
  return { from: later(range.from, dayAfter(to, -LONGEST_DRIFT)), to };
}

function over(query: URLSearchParams, { from, to }: Range): URLSearchParams {
  const same = new URLSearchParams(query);
  same.set("from", from);
  same.set("to", to);
  return same;
}

function only(query: URLSearchParams, ...names: string[]): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => names.includes(name)));
}
