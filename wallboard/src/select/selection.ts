/** What the page shows, as it stands in the address's query. */

import { LANGS, type Lang } from "../words/words";
import { BOARDS, type BoardName } from "./boards";
import { isDay, type Period, PRESETS, type Preset, type Range } from "./period";

export type By = "person" | "team";
export const FILTERS = ["department", "region", "team", "person", "line"] as const;
export type Filter = (typeof FILTERS)[number];
export const THEMES = ["dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

export interface Selection {
  board: BoardName;
  period: Period;
  /** Empty when everything is shown. */
  department: string;
  region: string;
  team: string;
  person: string;
  line: string;
  by: By;
  /** The past moment that is shown (ISO, UTC); null for now. */
  asOf: string | null;
  /** For a wall: nothing to click, one board after the other. */
  tv: boolean;
  /** Seconds that each of them stays. */
  stay: number;
  /** Null until somebody chooses: then the system's holds. */
  theme: Theme | null;
  /** Null until somebody chooses: then the browser's language holds. */
  lang: Lang | null;
}

const STAY = 20;

const oneOf = <T extends string>(known: readonly T[], text: string | null): T | null =>
  known.find((each) => each === text) ?? null;

/** Reads `?board&from&to&period&as_of&department&…&by&tv&stay&theme&lang`; what makes no sense is left out. */
export function readSelection(query: string): Selection {
  const asked = new URLSearchParams(query);
  const text = (name: string): string => asked.get(name)?.trim() ?? "";
  return {
    board: oneOf(BOARDS, text("board")) ?? "company",
    period: readPeriod(text("from"), text("to"), text("period")),
    department: text("department"),
    region: text("region"),
    team: text("team"),
    person: text("person"),
    line: text("line"),
    by: oneOf<By>(["person", "team"], text("by")) ?? "person",
    asOf: readMoment(text("as_of")),
    tv: text("tv") === "1",
    stay: readStay(text("stay")),
    theme: oneOf(THEMES, text("theme")),
    lang: oneOf(LANGS, text("lang")),
  };
}

function readPeriod(from: string, to: string, preset: string): Period {
  if (isDay(from) && isDay(to) && from < to) return { range: { from, to } };
  return { preset: oneOf<Preset>(PRESETS, preset) ?? "month" };
}

function readStay(text: string): number {
  const seconds = Number(text);
  return seconds >= 0.1 && seconds <= 86_400 ? seconds : STAY;
}

/** A moment that has been; the service refuses any other. */
function readMoment(text: string): string | null {
  const at = Date.parse(text);
  return Number.isFinite(at) && at < Date.now() ? new Date(at).toISOString() : null;
}

/** The shortest query that reads back as the same selection; starts with `?` or is empty. */
export function writeSelection(selection: Selection): string {
  const query = new URLSearchParams();
  const { period, board, asOf } = selection;
  if (board !== "company") query.set("board", board);
  if ("range" in period) {
    query.set("from", period.range.from);
    query.set("to", period.range.to);
  } else if (period.preset !== "month") query.set("period", period.preset);
  if (asOf) query.set("as_of", asOf);
  for (const name of FILTERS) if (selection[name]) query.set(name, selection[name]);
  if (selection.by !== "person") query.set("by", selection.by);
  if (selection.tv) query.set("tv", "1");
  if (selection.stay !== STAY) query.set("stay", String(selection.stay));
  if (selection.theme) query.set("theme", selection.theme);
  if (selection.lang) query.set("lang", selection.lang);
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** The query of an API request for these days, this moment and these filters. */
export function asked(range: Range, selection: Selection): URLSearchParams {
  const query = new URLSearchParams({ from: range.from, to: range.to });
  if (selection.asOf) query.set("as_of", selection.asOf);
  for (const name of FILTERS) if (selection[name]) query.set(name, selection[name]);
  return query;
}

/** The moment that is shown, in milliseconds: "this month" is the month it lies in. */
export const momentOf = ({ asOf }: Pick<Selection, "asOf">, now: number): number => (asOf ? Date.parse(asOf) : now);

export const preferredLang = (languages: readonly string[]): Lang =>
  languages[0]?.toLowerCase().startsWith("zh") ? "zh" : "en";
