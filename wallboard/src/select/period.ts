/** The periods a board can show: half-open ranges of business days. */

export interface Range {
  /** First day that counts. */
  from: string;
  /** First day that no longer counts. */
  to: string;
}

export const PRESETS = ["month", "last-month", "quarter", "year", "all"] as const;
export type Preset = (typeof PRESETS)[number];
export type Period = { preset: Preset } | { range: Range };

/** Long enough ago and far enough ahead for any export. */
const ALL: Range = { from: "2000-01-01", to: "2100-01-01" };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The first day of a month; months below 1 and above 12 run into the years beside. */
function firstOf(year: number, month: number): string {
  return new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10);
}

/** The days of the month that a day lies in. */
export function monthOf(day: string): Range {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  return { from: firstOf(year, month), to: firstOf(year, month + 1) };
}

/** The days a period means on a given business day; a preset moves on by itself at midnight. */
export function rangeOf(period: Period, today: string): Range {
  if ("range" in period) return period.range;
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7));
  const quarter = month - ((month - 1) % 3);
  switch (period.preset) {
    case "month":
      return monthOf(today);
    case "last-month":
      return { from: firstOf(year, month - 1), to: firstOf(year, month) };
    case "quarter":
      return { from: firstOf(year, quarter), to: firstOf(year, quarter + 3) };
    case "year":
      return { from: firstOf(year, 1), to: firstOf(year + 1, 1) };
    case "all":
      return ALL;
  }
}
