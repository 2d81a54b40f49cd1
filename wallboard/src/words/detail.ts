/** What stands below a KPI's number: its note, the two numbers it is the quotient of, or of how many it speaks. */

import { figure, isCurrency, plain, said } from "../format/number";
import type { Kpi } from "../live/answers";
import { beside } from "./note";
import type { Lang, Words } from "./words";

export interface Detail {
  text: string;
  /** The same with every digit. */
  full: string;
}

export function detail(kpi: Kpi, words: Words, lang: Lang): Detail {
  const made = kpi.value === null ? { text: "", full: "" } : madeOf(kpi, words, lang);
  const note = beside(kpi, words, lang);
  if (note === "") return made;
  return { text: note, full: [note, made.full].filter((each) => each !== "").join(" · ") };
}

function madeOf({ unit, currency, numerator, denominator }: Kpi, words: Words, lang: Lang): Detail {
  if (isCurrency(unit)) return { text: unit, full: unit };
  if (denominator === null) return { text: "", full: "" };
  if (numerator === null || unit === "score" || unit === "minutes") {
    const of = words.of(plain(denominator, lang));
    return { text: of, full: of };
  }
  const [part, whole] = [numerator, denominator].map((each) => figure(each, "count", lang)) as [Figure, Figure];
  const of = currency ? ` ${currency}` : "";
  return { text: `${said(part)} / ${said(whole)}`, full: `${part.full} / ${whole.full}${of}` };
}

type Figure = ReturnType<typeof figure>;
