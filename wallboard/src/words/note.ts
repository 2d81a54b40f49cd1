/** A KPI's note in words, and what stands where a number would. */

import { plain } from "../format/number";
import type { Kpi } from "../live/answers";
import { why } from "./why";
import { type Lang, named, type Words } from "./words";

type Noted = Pick<Kpi, "note">;

/** Empty without a note; one that is new to this page is said as it came. */
export function noted({ note }: Noted, words: Words, lang: Lang): string {
  const [kind = "", about = ""] = (note ?? "").split(":");
  switch (kind) {
    case "met":
      return words["note.met"];
    case "waiting":
      return words["note.waiting"](plain(Number(about), lang));
    case "not-kept-by":
      return words["note.not-kept-by"](named(words, "filter", about));
    case "no-history":
      return words["note.no-history"](plain(about.split(",").length, lang));
    case "no-estimate":
      return words["note.no-estimate"];
    default:
      return note ?? "";
  }
}

/** Who waits still waits beside a number as well; the other notes are why there is none. */
const isBeside = ({ note }: Noted): boolean => note !== null && /^(waiting|no-history):/.test(note);

/** What a KPI without a value says instead. */
export const instead = (kpi: Kpi, words: Words, lang: Lang): string =>
  kpi.note === null || isBeside(kpi) ? why(kpi, words) : noted(kpi, words, lang);

/** What its note says beside a value, or beside what is said instead; often empty. */
export const beside = (kpi: Kpi, words: Words, lang: Lang): string =>
  kpi.value !== null || isBeside(kpi) ? noted(kpi, words, lang) : "";
