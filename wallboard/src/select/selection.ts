/** What the board shows, as it stands in the address's query. */

import { LANGS, type Lang } from "../words/words";
import { isDay, type Period, PRESETS, type Preset, type Range } from "./period";

export type By = "person" | "team";
export const FILTERS = ["person", "team", "region", "line"] as const;
export type Filter = (typeof FILTERS)[number];

export interface Selection {
  period: Period;
  /** Empty when everything is shown. */
  person: string;
  team: string;
  region: string;
  line: string;
  by: By;
  /** Null until somebody chooses: then the browser's language holds. */
  lang: Lang | null;
}

const oneOf = <T extends string>(known: readonly T[], text: string | null): T | null =>
  known.find((each) => each === text) ?? null;

/** Reads `?from&to&period&person&team&region&line&by&lang`; what makes no sense is left out. */
export function readSelection(query: string): Selection {
  const asked = new URLSearchParams(query);
  const text = (name: string): string => asked.get(name)?.trim() ?? "";
  return {
    period: readPeriod(text("from"), text("to"), text("period")),
    person: text("person"),
    team: text("team"),
    region: text("region"),
    line: text("line"),
    by: oneOf<By>(["person", "team"], text("by")) ?? "person",
    lang: oneOf(LANGS, text("lang")),
  };
}

function readPeriod(from: string, to: string, preset: string): Period {
  if (isDay(from) && isDay(to) && from < to) return { range: { from, to } };
  return { preset: oneOf<Preset>(PRESETS, preset) ?? "month" };
}

/** The shortest query that reads back as the same selection; starts with `?` or is empty. */
export function writeSelection(selection: Selection): string {
  const query = new URLSearchParams();
  const { period } = selection;
  if ("range" in period) {
    query.set("from", period.range.from);
    query.set("to", period.range.to);
  } else if (period.preset !== "month") query.set("period", period.preset);
  for (const name of FILTERS) if (selection[name]) query.set(name, selection[name]);
  if (selection.by !== "person") query.set("by", selection.by);
  if (selection.lang) query.set("lang", selection.lang);
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** The query of an API request for these days and filters. */
export function asked(range: Range, selection: Selection): URLSearchParams {
  const query = new URLSearchParams({ from: range.from, to: range.to });
  for (const name of FILTERS) if (selection[name]) query.set(name, selection[name]);
  return query;
}

export const preferredLang = (languages: readonly string[]): Lang =>
  languages[0]?.toLowerCase().startsWith("zh") ? "zh" : "en";
