/** The answers of the performance service that the board shows. */

export interface Kpi {
  name: string;
  label: string;
  /** A currency code, `ratio`, `minutes`, `days` or `count`. */
  unit: string;
  /** What money KPIs and shares of money are about. */
  currency: string | null;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
}

export interface Kpis {
  from: string;
  to: string;
  as_of: string;
  kpis: Kpi[];
}

export interface Stage {
  stage: string;
  label: string;
  reached: number;
  standing: number;
  amount: { unit: string; value: number }[];
  /** Share of the stage before that came this far; null for the first. */
  conversion: number | null;
}

export interface Funnel {
  as_of: string;
  stages: Stage[];
  won: number;
  lost: number;
}

export interface Row {
  rank: number;
  id: string;
  name: string;
  value: number | null;
  unit: string;
}

export interface Leaderboard {
  as_of: string;
  by: string;
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

export interface Handoffs {
  as_of: string;
  departments: Department[];
  open: Handoff[];
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
  line?: string | null;
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
