import { useEffect, useRef, useState } from "preact/hooks";

import { change } from "../format/change";
import { figure } from "../format/number";
import { keyOf } from "../live/changes";
import { kpis } from "../live/parts";
import { answered, type Shown } from "../live/shown";
import type { Lang } from "../words/words";
import { useSpeech } from "./speech";

/** A screen reader hears of changes no more often than this. */
const PAUSE = 10_000;
const NAMED = 3;

/** Says in one sentence what moved; the tiles themselves stay silent. */
export function Announcer({ shown }: { shown: Shown }) {
  const { lang, words } = useSpeech();
  const [said, say] = useState("");
  const last = useRef(0);
  const moved = summary(shown, lang);
  const news = shown.problem ?? (moved && words.changed(moved));

  useEffect(() => {
    if (!news) return undefined;
    const wait = Math.max(0, last.current + PAUSE - Date.now());
    const timer = setTimeout(() => {
      last.current = Date.now();
      say(news);
    }, wait);
    return () => clearTimeout(timer);
  }, [news]);

  return (
    <p class="unseen" role="status" aria-live="polite">
      {said}
    </p>
  );
}

function summary(shown: Shown, lang: Lang): string {
  const moved = answered(shown, kpis([]))?.answer.kpis.filter((kpi) => shown.changes.has(keyOf(kpi))) ?? [];
  const sentences = moved.slice(0, NAMED).flatMap((kpi) => {
    if (kpi.value === null) return [];
    const by = change(shown.changes.get(keyOf(kpi))?.by ?? 0, kpi.unit, lang);
    return [`${kpi.label} ${figure(kpi.value, kpi.unit, lang).full} (${by})`];
  });
  return sentences.join(lang === "zh" ? "；" : "; ");
}
