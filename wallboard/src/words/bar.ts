/** What a bar of the funnel says beside its length: its deals counted in the other ways. */

import { figure, plain } from "../format/number";
import type { Stage } from "../live/answers";
import type { Lang, Words } from "./words";

/** Said wherever a bar is longer than what really stood there. */
export const skippedOf = ({ skipped }: Stage, words: Words, lang: Lang): string =>
  skipped > 0 ? words["funnel.skipped"](plain(skipped, lang)) : "";

export function waysOf(stage: Stage, words: Words, lang: Lang): string {
  const ways = [
    `${words["funnel.implied"]} ${plain(stage.implied, lang)}`,
    `${words["funnel.reached"]} ${plain(stage.reached, lang)}`,
    skippedOf(stage, words, lang),
    `${words["funnel.strict"]} ${plain(stage.strict, lang)}`,
  ];
  return ways.filter((way) => way !== "").join(" · ");
}

/** The conversion in full, and without those that may still go on. */
export function stepOf(stage: Stage, words: Words, lang: Lang): string {
  const { conversion, matured_conversion: matured } = stage;
  const steps = [
    conversion === null ? "" : figure(conversion, "ratio", lang).full,
    matured === null ? "" : words["funnel.matured"](figure(matured, "ratio", lang).full),
  ];
  return steps.filter((step) => step !== "").join(" · ");
}
