/** Days of the business and moments of the day, in the business's own time zone. */

import type { Lang } from "../words/words";
import { ZONE } from "./house";

const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** The business day of a moment, as 2025-11-21. */
export const businessDay = (at: number): string => day.format(at);

/** HH:MM:SS in the business's zone; empty for what is no time. */
export const timeOfDay = (at: number): string => (Number.isFinite(at) ? clock.format(at) : "");

/** A moment as short as it can be: the time today, the day before it on other days, the year on other years'. */
export function moment(at: number, now: number): string {
  if (!Number.isFinite(at)) return "";
  const on = businessDay(at);
  const today = businessDay(now);
  if (on === today) return timeOfDay(at);
  const sameYear = on.slice(0, 4) === today.slice(0, 4);
  return `${sameYear ? on.slice(5) : on} ${timeOfDay(at).slice(0, 5)}`;
}

/** How long, in its two largest units or fewer: 3 d, 2 h 05 min, 40 s. */
export function span(seconds: number, lang: Lang): string {
  const [d, h, m, s] = lang === "zh" ? ["天", "小时", "分", "秒"] : [" d", " h", " min", " s"];
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const joint = lang === "zh" ? "" : " ";
  if (whole < 60) return `${whole}${s}`;
  if (hours < 1) return `${minutes}${m}`;
  if (hours < 10) return minutes % 60 === 0 ? `${hours}${h}` : `${hours}${h}${joint}${minutes % 60}${m}`;
  if (hours < 48) return `${hours}${h}`;
  return `${Math.floor(hours / 24)}${d}`;
}

/** A moment as a date field of the business's zone has it: 2025-11-21T09:30. */
export const localMoment = (at: number): string => `${businessDay(at)}T${timeOfDay(at).slice(0, 5)}`;

/** The moment that such a field means; null while it is half written. */
export function momentIn(text: string): number | null {
  const asUtc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? Date.parse(`${text}:00Z`) : NaN;
  if (Number.isNaN(asUtc)) return null;
  const shift = Date.parse(`${localMoment(asUtc)}:00Z`) - asUtc;
  return asUtc - shift;
}
