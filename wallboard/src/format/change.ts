/** By how much a number changed, in words short enough for a tile's corner. */

import type { Lang } from "../words/words";
import { compact, figure, plain, said } from "./number";

const POINTS: Record<Lang, string> = { zh: "个百分点", en: " pp" };
/** From here on a change is written with 万 or M too; below, every digit is worth showing. */
const LONG = 10_000_000;
const SHORT = 10_000;

/** Such as "+12,000", "-1.5 pp", "+3 min"; empty when nothing would be seen of it. */
export const change = (by: number, unit: string, lang: Lang): string => moved(by, unit, lang, LONG);

/** The same with 万 or M from ten thousand on, where there is less room. */
export const shortly = (by: number, unit: string, lang: Lang): string => moved(by, unit, lang, SHORT);

function moved(by: number, unit: string, lang: Lang, long: number): string {
  const sign = by > 0 ? "+" : "-";
  const size = Math.abs(by);
  if (unit === "ratio") {
    const points = plain(size * 100, lang, size < 0.001 ? 2 : 1);
    return points === "0" ? "" : `${sign}${points}${POINTS[lang]}`;
  }
  if (unit === "minutes" || unit === "days") return `${sign}${said(figure(size, unit, lang))}`;
  if (size < long) return plain(size, lang) === "0" ? "" : `${sign}${plain(size, lang)}`;
  const { digits, after } = compact(size, lang);
  return `${sign}${digits}${after}`;
}
