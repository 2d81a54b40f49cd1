/** The answers of the performance service that the board shows. */

/** How far one source of the data has been taken. */
export interface Reached {
  source: string;
  /** When the newest event taken was recorded; null when there was none. */
  last_event_at: string | null;
  /** Events still to come; null while the source cannot be asked. */
  lag_events: number | null;
  /** How long ago the newest one was, while there are more; 0 when all are taken. */
  lag_seconds: number | null;
}

/** What every board says about itself. */
export interface Told {
  as_of: string;
  freshness?: Reached[];
}

export interface Kpi {
  name: string;
  version: number;
  label: string;
  /** A currency code, `ratio`, `minutes`, `days`, `score`, `per-100` or `count`. */
  unit: string;
  /** What money KPIs and shares of money are about. */
  currency: string | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  better: "more" | "less";
  /** What is special about it, such as `met` or `waiting:3`. */
  note: string | null;
  /** Where a figure from outside is from. */
  sources: string[];
}

export interface Kpis extends Told {
  from: string;
  to: string;
  kpis: Kpi[];
}

/** A stage of the funnel, or what was won: its deals counted in four ways. */
export interface Stage {
  stage: string;
  label: string;
  /** Came through every stage before. */
  strict: number;
  /** Stood here themselves. */
  reached: number;
  /** Stood here or went beyond: the one that never grows from bar to bar. */
  implied: number;
  /** Went beyond without standing here. */
  skipped: number;
  /** Open and here now. */
  standing: number;
  /** What those standing here are worth. */
  amount: { unit: string; value: number }[];
  /** Share of the implied of the stage before that came this far; null for the first. */
  conversion: number | null;
  /** The same among those that are decided at the stage before. */
  matured_conversion: number | null;
}

export interface Funnel extends Told {
  /** The stages in their order, and `won` at last. */
  stages: Stage[];
  won: number;
  lost: number;
  /** What each field means, in the language asked for. */
  definitions?: Partial<Record<string, string>>;
}

export interface Row {
  rank: number;
  id: string;
  name: string;
  value: number | null;
  unit: string;
}

export interface Leaderboard extends Told {
  by: string;
  /** The figure it ranks by. */
  label: string;
  rows: Row[];
}

export interface Department {
  department: string;
  waiting: number;
  working: number;
  breached: number;
  waiting_seconds: number;
  working_seconds: number;
}

export interface Handoff {
  id: string;
  kind: string;
  title: string;
  from_department: string;
  to_department: string;
  state: string;
  due_at: string | null;
  breached: boolean;
  requested_at: string;
}

export interface Handoffs extends Told {
  departments: Department[];
  open: Handoff[];
}

export interface Span {
  from: string;
  /** The first day no longer in. */
  to: string;
  kpis: Kpi[];
}

export type Every = "day" | "week" | "month" | "quarter" | "year";

export interface History extends Told {
  by: Every;
  spans: Span[];
}

export interface Amounted {
  unit: string;
  value: number;
}

export interface Ageing extends Told {
  /** What is owed by how long it has been due, the youngest first. */
  ages: { age: "not-due" | "1-30" | "31-60" | "61-90" | "over-90"; amounts: Amounted[] }[];
}

export interface Win {
  deal: string;
  link: string | null;
  name: string;
  product: string;
  value: number;
  unit: string;
  occurred_at: string;
  recorded_at: string;
}

export interface Wins extends Told {
  wins: Win[];
}

export interface Expected {
  point: number;
  lower: number | null;
  upper: number | null;
}

/** A month as people promise it, as the pipeline weighs it, and as the past suggests it. */
export interface ForecastMonth {
  month: string;
  commit: number | null;
  best_case: number | null;
  committed: number;
  weighted: { total: number; won: number; unweighted: string[] };
  statistical: Expected | null;
  naive: Expected | null;
}

export interface ForecastOf {
  currency: string;
  history: number;
  reason: "too-little-history" | null;
  coverage: number;
  months: ForecastMonth[];
  back_test: { origins: number; better_than_naive: boolean | null; recommended: string };
}

export interface Forecast extends Told {
  forecasts: ForecastOf[];
}

export interface Drift extends Told {
  days: { day: string; amounts: Record<string, { weighted: number; won: number; commit: number; best_case: number }> }[];
}

export interface Team {
  id: string;
  name: string;
  department: string;
  region: string | null;
}

export interface Person {
  id: string;
  name: string;
  team_id: string | null;
  post: string;
}

export interface Organisation {
  teams: Team[];
  people: Person[];
  /** Product lines that any number is known for. */
  lines: string[];
}

/** What a `cells` event tells that the page uses; the rest is refetched. */
export interface Cell {
  measure?: string;
  line?: string | null;
  /** Of the event that changed it. */
  type?: string | null;
  stream?: string | null;
}

export interface Definition {
  name: string;
  formula: string;
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
