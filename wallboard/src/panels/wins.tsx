import { useEffect, useRef, useState } from "preact/hooks";

import { figure, said } from "../format/number";
import { span } from "../format/time";
import type { Win } from "../live/answers";
import { wins as part } from "../live/parts";
import { answered, isCurrent, type Shown } from "../live/shown";
import { AtDesk } from "../page/at-desk";
import { useSpeech } from "../page/speech";
import { useNow } from "../page/use-now";
import { Panel } from "./panel";

/** How long a new win is celebrated. */
const CELEBRATION_MS = 6_000;

/** The deals won last, and a short celebration when one comes. */
export function WinsPanel({ shown, live }: { shown: Shown; live: boolean }) {
  const { words } = useSpeech();
  const now = useNow(10_000);
  const wins = answered(shown, part)?.answer.wins ?? [];
  const won = useNewest(wins, live && isCurrent(shown, part));
  return (
    <Panel part={part} kind="wins" shown={shown} title={words.wins} sources={["customers"]}>
      {won && <Celebration win={won} />}
      {wins.length === 0 ? (
        <p class="nothing">{words["none.won"]}</p>
      ) : (
        <ol class="wins-list">
          {wins.map((win) => (
            <Line key={win.deal} win={win} now={now} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Line({ win, now }: { win: Win; now: number }) {
  const { lang, words } = useSpeech();
  const amount = figure(win.value, win.unit, lang);
  const ago = (now - Date.parse(win.occurred_at)) / 1_000;
  return (
    <li data-deal={win.deal}>
      <span class="name">
        <AtDesk stream={win.deal}>{win.name}</AtDesk>
      </span>
      <span class="value" title={amount.full} data-value={win.value}>
        {said(amount)}
      </span>
      <small class="product">{win.product}</small>
      <time dateTime={win.occurred_at}>{words["wins.ago"](span(ago, lang))}</time>
    </li>
  );
}

function Celebration({ win }: { win: Win }) {
  const { lang, words } = useSpeech();
  return (
    <p class="celebration" role="status">
      <span class="star" aria-hidden="true">
        ★
      </span>{" "}
      {words["wins.new"](win.name, said(figure(win.value, win.unit, lang)))}
    </p>
  );
}

/** The win that has just come; none that was there when the board was opened or its filters changed. */
function useNewest(wins: readonly Win[], current: boolean): Win | null {
  const known = useRef<ReadonlySet<string> | null>(null);
  const [newest, set] = useState<Win | null>(null);
  const keys = wins.map(({ deal, occurred_at }) => `${deal} ${occurred_at}`);

  useEffect(() => {
    if (!current) {
      known.current = null;
      return;
    }
    const before = known.current;
    known.current = new Set(keys);
    const come = before && wins.find((_, at) => !before.has(keys[at]!));
    if (come) set(come);
  }, [keys.join(), current]);

  useEffect(() => {
    if (!newest) return undefined;
    const timer = setTimeout(() => set(null), CELEBRATION_MS);
    return () => clearTimeout(timer);
  }, [newest]);

  return newest;
}
