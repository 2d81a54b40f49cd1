import { useEffect, useState } from "preact/hooks";

import { timeOfDay } from "../format/time";
import { reaches, type Shown } from "../live/shown";
import { Worst } from "../panels/fresh";
import { boardAfter } from "../select/boards";
import type { Selection } from "../select/selection";
import { ConnectionState } from "./connection-state";
import { useSpeech } from "./speech";
import { useKeys } from "./use-keys";
import { useNow } from "./use-now";
import type { Choose } from "./use-selection";

interface Props {
  shown: Shown;
  selection: Selection;
  choose: Choose;
}

/** The head of a board on a wall, and what leafs through the boards. */
export function Television({ shown, selection, choose }: Props) {
  const { words } = useSpeech();
  const [paused, pause] = useState(false);
  const { board, stay } = selection;
  const leaf = (places: number) => (): void => choose({ board: boardAfter(board, places) }, "silently");

  useKeys({ ArrowRight: leaf(1), ArrowLeft: leaf(-1), " ": () => pause(!paused), Escape: () => choose({ tv: false }) });

  useEffect(() => {
    if (paused) return undefined;
    const timer = setTimeout(leaf(1), stay * 1_000);
    return () => clearTimeout(timer);
  }, [board, paused, stay]);

  return (
    <header class="header" data-paused={paused}>
      <h1 class="brand">{words[`board.${board}`]}</h1>
      <div class="state">
        <ConnectionState health={shown.health} />
        <Worst reaches={reaches(shown)} />
        <Clock />
        <button type="button" class="leave" onClick={() => choose({ tv: false })}>
          {words["tv.leave"]}
        </button>
      </div>
      {!paused && <div key={board} class="stay" aria-hidden="true" style={{ "--stay": `${stay}s` }} />}
    </header>
  );
}

function Clock() {
  const now = useNow(1_000);
  return <time class="clock">{timeOfDay(now).slice(0, 5)}</time>;
}
