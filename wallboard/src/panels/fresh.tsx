import { newest, type Reach, stateOf } from "../live/freshness";
import { reachesIn, reachIn, worstIn } from "../words/freshness";
import { useSpeech } from "../page/speech";
import { useNow } from "../page/use-now";

const SIGNS = { behind: "▲", unknown: "?" } as const;

/** How far the data of a panel reaches: quiet while it is up to date. */
export function Fresh({ reaches }: { reaches: readonly Reach[] }) {
  const { lang, words } = useSpeech();
  const now = useNow(60_000);
  if (reaches.length === 0) return null;
  const state = stateOf(reaches);
  return (
    <span class="fresh" data-freshness={state} title={reachesIn(reaches, words, lang, now)}>
      {state !== "fresh" && <span aria-hidden="true">{SIGNS[state]} </span>}
      {state === "fresh" && newest(reaches) !== null && <span class="fresh-word">{words["fresh.to"]} </span>}
      {reachIn(reaches, words, lang, now)}
    </span>
  );
}

/** The worst of everything the board shows, by its name. */
export function Worst({ reaches }: { reaches: readonly Reach[] }) {
  const { lang, words } = useSpeech();
  const now = useNow(60_000);
  if (reaches.length === 0) return null;
  const state = stateOf(reaches);
  return (
    <span class="fresh" data-freshness={state} title={reachesIn(bySource(reaches), words, lang, now)}>
      {state !== "fresh" && <span aria-hidden="true">{SIGNS[state]} </span>}
      {worstIn(reaches, words, lang)}
    </span>
  );
}

/** Each source once, as the last answer told of it. */
function bySource(reaches: readonly Reach[]): Reach[] {
  const last = new Map<string, Reach>();
  for (const reach of reaches) {
    const known = last.get(reach.source);
    if (!known || known.at <= reach.at) last.set(reach.source, reach);
  }
  return [...last.values()];
}
