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

/** The events of this contribution, and not of the entity's others. */
export const causesOf = ({ events, measure }: Contribution): Cause[] =>
  events.filter((event) => event.measure === measure);

/** How an event moved it; empty where its one event is all of it, or the events moved more than this. */
export function movedBy(event: Cause, made: Contribution, lang: Lang): string {
  const causes = causesOf(made);
  const digits = isMoney(made.measure) && made.currency ? minorDigits(made.currency) : 0;
  const whole = causes.reduce((sum, { change }) => sum + change, 0) / 10 ** digits;
  if (causes.length < 2 || whole !== made.value) return "";
  return (event.change > 0 ? "+" : "") + plain(event.change / 10 ** digits, lang);
}

/** Its business time, to the minute. */
export const when = (at: number): string =>
  Number.isFinite(at) ? `${businessDay(at)} ${timeOfDay(at).slice(0, 5)}` : "";

const minorDigits = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
