/** How far the data reaches, in words: short where it is shown, source by source beside it. */

import { plain } from "../format/number";
import { moment, span } from "../format/time";
import { newest, type Reach, stateOf, worst } from "../live/freshness";
import { type Lang, named, type Words } from "./words";

/** When the newest event was recorded, or how long the worst source is behind. */
export function reachIn(reaches: readonly Reach[], words: Words, lang: Lang, now: number): string {
  const bad = worst(reaches);
  if (!bad) return "";
  switch (stateOf(reaches)) {
    case "unknown":
      return words["fresh.unknown"];
    case "behind":
      return bad.lag_seconds === null
        ? behind(bad, words, lang)
        : words["fresh.since"](span(bad.lag_seconds, lang));
    case "fresh": {
      const at = newest(reaches);
      return at === null ? words["fresh.none"] : moment(at, now);
    }
  }
}

/** The worst of all sources, by its name. */
export function worstIn(reaches: readonly Reach[], words: Words, lang: Lang): string {
  const bad = worst(reaches);
  const state = stateOf(reaches);
  if (!bad || state === "fresh") return words["fresh.all"];
  const name = named(words, "source", bad.source);
  return words["fresh.of"](name, state === "unknown" ? words["fresh.unknown"] : behind(bad, words, lang));
}

/** Every source on a line of its own. */
export const reachesIn = (reaches: readonly Reach[], words: Words, lang: Lang, now: number): string =>
  reaches
    .map((reach) => {
      const at = reach.last_event_at === null ? words["fresh.none"] : moment(Date.parse(reach.last_event_at), now);
      return words["fresh.of"](named(words, "source", reach.source), `${at} · ${lagIn(reach, words, lang)}`);
    })
    .join("\n");

function lagIn(reach: Reach, words: Words, lang: Lang): string {
  if (reach.lag_events === null) return words["fresh.unknown"];
  if (reach.lag_events === 0) return words["fresh.all"];
  if (reach.since === null) return words["fresh.coming"](plain(reach.lag_events, lang));
  return behind(reach, words, lang);
}

function behind({ lag_events, lag_seconds }: Reach, words: Words, lang: Lang): string {
  const events = words["fresh.behind"](plain(lag_events ?? 0, lang));
  return lag_seconds === null ? events : `${events} · ${span(lag_seconds, lang)}`;
}
