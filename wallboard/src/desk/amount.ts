/** Money as the services write it: a whole number of the currency's smallest unit. */

import { plain, currencySign } from "../format/number";
import type { Lang } from "../words/words";

export interface Amount {
  minor: number;
  currency: string;
}

/** How many of its smallest units one of the currency is: 100 for CNY, 1 for JPY (ISO 4217). */
export function minorOf(currency: string): number {
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat("en", {
    style: "currency",
    currency,
  }).resolvedOptions();
  return 10 ** digits;
}

export const inWords = ({ minor, currency }: Amount, lang: Lang): string =>
  `${currencySign(currency, lang)}${plain(minor / minorOf(currency), lang)}`;

export const isAmount = (value: unknown): value is Amount =>
  typeof value === "object" && value !== null && "minor" in value && "currency" in value;
