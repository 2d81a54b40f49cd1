/** The answers of the performance service that the boards show, by the contract (docs/http). */

import type { components } from "../contract/performance";

type Contract = components["schemas"];

export type Reached = Contract["Reached"];
/** What every board says about itself. */
export type Told = Pick<Contract["KpiBoard"], "as_of" | "freshness">;
export type Kpi = Contract["KpiView"];
export type Kpis = Contract["KpiBoard"];
/** A stage of the funnel, or what was won: its deals counted in four ways. */
export type Stage = Contract["FunnelStage"];
export type Funnel = Contract["FunnelBoard"];
export type Row = Contract["Row"];
export type Leaderboard = Contract["Leaderboard"];
export type Department = Contract["DepartmentView"];
export type Handoff = Contract["OpenHandoff"];
export type Handoffs = Contract["HandoffBoard"];
export type Span = Contract["KpiSpan"];
export type History = Contract["KpiHistory"];
export type Every = History["by"];
export type Amounted = Contract["Amounted"];
export type Ageing = Contract["Ageing"];
export type Win = Contract["WinView"];
export type Wins = Contract["WinBoard"];
export type Expected = Contract["ExpectedView"];
export type ForecastMonth = Contract["MonthView"];
export type ForecastOf = Contract["CurrencyForecast"];
export type Forecast = Contract["ForecastBoard"];
export type Drift = Contract["DriftBoard"];
export type Team = Contract["TeamView"];
export type Person = Contract["PersonView"];
export type Organisation = Contract["Organisation"];
export type Definition = Contract["Definition"];

/** What a `cells` event tells that the page uses; the rest is refetched. */
export interface Cell {
  measure?: string;
  line?: string | null;
  /** Of the event that changed it. */
  type?: string | null;
  stream?: string | null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Accepts an answer whose named fields are lists, so that no broken answer breaks the page. */
export function withLists<T>(answer: unknown, ...lists: (keyof T & string)[]): T {
  if (!isObject(answer) || lists.some((name) => !Array.isArray(answer[name]))) {
    throw new TypeError(`unexpected answer: ${lists.join(", ")} should be a list`);
  }
  return answer as T;
}
