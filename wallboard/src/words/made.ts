/** What an entity adds to a number, and each of its events, in words. */

import { figure, plain, said } from "../format/number";
import { businessDay, timeOfDay } from "../format/time";
import type { Cause, Contribution } from "../live/explanation";
import type { Lang } from "./words";

const isMoney = (measure: string): boolean => measure.endsWith("_amount");

/** A distribution is told by its bucket, such as 19 d: each entity is one of them. */
const buckets: readonly (readonly [RegExp, (bucket: number, lang: Lang) => string])[] = [
  [/_minutes(_|$)/, (bucket, lang) => said(figure(bucket, "minutes", lang))],
  [/^cycle_days$/, (bucket, lang) => said(figure(bucket, "days", lang))],
  [/_answers$/, (bucket, lang) => plain(bucket, lang)],
  [/_waiting$/, (bucket) => when(bucket * 60_000)],
];

/** The contribution as its measure counts. */
export function madeOf({ measure, currency, bucket, value }: Contribution, lang: Lang): string {
  if (isMoney(measure) && currency) return figure(value, currency, lang).full;
  const spread = buckets.find(([pattern]) => pattern.test(measure));
  return spread ? spread[1](bucket, lang) : plain(value, lang);
}

/** How an event moved it; empty where its one event is all of it, or together they are not just this. */
export function movedBy(event: Cause, { measure, currency, value, events }: Contribution, lang: Lang): string {
  const digits = isMoney(measure) && currency ? minorDigits(currency) : 0;
  const whole = events.reduce((sum, { change }) => sum + change, 0) / 10 ** digits;
  if (events.length < 2 || whole !== value) return "";
  return (event.change > 0 ? "+" : "") + plain(event.change / 10 ** digits, lang);
}

/** Its business time, to the minute. */
export const when = (at: number): string =>
  Number.isFinite(at) ? `${businessDay(at)} ${timeOfDay(at).slice(0, 5)}` : "";

const minorDigits = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
