/** Numbers as people at a distance read them: 1,000.6万 or 10.01M, and always the full number beside. */

import type { Lang } from "../words/words";

export interface Figure {
  /** What stands before the digits, such as a currency sign. */
  before: string;
  digits: string;
  /** What stands after them: 万, M, %, min. */
  after: string;
  /** The number written out, for the title and for screen readers. */
  full: string;
}

const steps: Record<Lang, readonly (readonly [number, string])[]> = {
  zh: [[1, ""], [1e4, "万"], [1e8, "亿"], [1e12, "万亿"]],
  en: [[1, ""], [1e3, "k"], [1e6, "M"], [1e9, "B"]],
};
/** Below this a number is short enough to be written out. */
const WRITTEN_OUT = 10_000;

const locale = (lang: Lang): string => (lang === "zh" ? "zh-CN" : "en-GB");

export function plain(value: number, lang: Lang, decimals = 2, atLeast = 0): string {
  const digits = { maximumFractionDigits: decimals, minimumFractionDigits: atLeast };
  return new Intl.NumberFormat(locale(lang), digits).format(value);
}

/** Digits and their unit of size, about four figures long; rounding never shows 1,000k for 1M. */
export function compact(value: number, lang: Lang): { digits: string; after: string } {
  const size = Math.abs(value);
  if (size < WRITTEN_OUT) return { digits: plain(value, lang, size < 100 ? 2 : 0), after: "" };
  const ladder = steps[lang];
  let rung = ladder.findLastIndex(([step]) => size >= step);
  const next = ladder[rung + 1];
  if (next && roundedAt(size, ladder[rung]![0]) * ladder[rung]![0] >= next[0]) rung += 1;
  const [step, after] = ladder[rung]!;
  const decimals = decimalsOf(size / step);
  return { digits: plain(value / step, lang, decimals, decimals), after };
}

const decimalsOf = (mantissa: number): number => (mantissa < 100 ? 2 : 1);

function roundedAt(size: number, step: number): number {
  const factor = 10 ** decimalsOf(size / step);
  return Math.round((size / step) * factor) / factor;
}

export const isCurrency = (unit: string): boolean => /^[A-Z]{3}$/.test(unit);

export function currencySign(code: string, lang: Lang): string {
  const parts = new Intl.NumberFormat(locale(lang), {
    style: "currency",
    currency: code,
    currencyDisplay: "narrowSymbol",
  }).formatToParts(0);
  return parts.find((part) => part.type === "currency")?.value ?? code;
}

const A_DAY = "/day";
const DAILY: Record<Lang, string> = { zh: "/天", en: "/d" };

/** What a KPI's value is counted in: of a velocity the service names the currency alone. */
export const unitOf = ({ name, unit }: { name: string; unit: string }): string =>
  name === "velocity" ? unit + A_DAY : unit;

const MINUTES = { zh: { min: "分钟", h: "小时", d: "天" }, en: { min: "min", h: "h", d: "d" } } as const;

/** A duration in the largest unit that keeps it readable; `full` says it in the unit it came in. */
function duration(value: number, unit: "minutes" | "days", lang: Lang): Figure {
  const name = MINUTES[lang];
  const full = `${plain(value, lang)} ${unit === "minutes" ? name.min : name.d}`;
  const minutes = unit === "minutes" ? value : value * 1440;
  const figure = (digits: string, after: string): Figure => ({ before: "", digits, after, full });
  if (unit === "days" || Math.abs(minutes) >= 2880) return figure(plain(minutes / 1440, lang, 1), name.d);
  if (Math.abs(minutes) >= 120) return figure(plain(minutes / 60, lang, 1), name.h);
  return figure(plain(minutes, lang, 1), name.min);
}

/** A KPI's value with its unit (currency code, ratio, minutes, days, score, per-100, count). */
export function figure(value: number, unit: string, lang: Lang): Figure {
  if (unit === "ratio") {
    const percent = value * 100;
    return { before: "", digits: plain(percent, lang, 1, 1), after: "%", full: `${plain(percent, lang, 4)}%` };
  }
  if (unit === "minutes" || unit === "days") return duration(value, unit, lang);
  if (unit === "score") {
    const sign = value > 0 ? "+" : "";
    return { before: "", digits: sign + plain(value, lang, 1), after: "", full: sign + plain(value, lang, 4) };
  }
  if (unit === "per-100") {
    return { before: "", digits: plain(value, lang, 1, 1), after: "/100", full: `${plain(value, lang, 4)}/100` };
  }
  if (unit.endsWith(A_DAY)) {
    const amount = figure(value, unit.slice(0, -A_DAY.length), lang);
    return { ...amount, after: amount.after + DAILY[lang], full: amount.full + DAILY[lang] };
  }
  const { digits, after } = compact(value, lang);
  const written = plain(value, lang);
  if (!isCurrency(unit)) {
    const full = unit === "count" ? written : `${written} ${unit}`;
    return { before: "", digits, after, full };
  }
  // A sign in front of the currency's sign: −¥5, not ¥−5.
  const sign = value < 0 ? "-" : "";
  const before = sign + currencySign(unit, lang);
  return { before, digits: digits.replace(/^-/, ""), after, full: `${unit} ${written}` };
}

export const said = ({ before, digits, after }: Figure): string =>
  `${before}${digits}${/^[a-jl-z]/.test(after) ? " " : ""}${after}`;
