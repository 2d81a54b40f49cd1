import { useEffect, useState } from "preact/hooks";

import { boards } from "../boards";
import { DoorForm } from "../door/form";
import type { Figure } from "../live/explanation";
import { boardAfter } from "../select/boards";
import { preferredLang } from "../select/selection";
import { wordsOf } from "../words/words";
import { Announcer } from "./announcer";
import { Explanation } from "./explanation";
import { Header } from "./header";
import { Language } from "./speech";
import { Television } from "./television";
import { TimeTravel } from "./time-travel";
import { TokenForm } from "./token-form";
import { useKeys } from "./use-keys";
import { useSelection } from "./use-selection";
import { useWatch } from "./use-watch";

/** The whole page: a board under its head. */
export function Page() {
  const [selection, choose] = useSelection();
  const lang = selection.lang ?? preferredLang(navigator.languages);
  const { shown, giveToken, fetched } = useWatch(selection, lang);
  const [opened, open] = useState<Figure | null>(null);
  const { board, theme, tv, asOf } = selection;
  const words = wordsOf(lang);
  const { View } = boards[board];

  const lookBack = (): void => choose({ asOf: asOf ? null : new Date(Date.now() - 1_000).toISOString() });
  const watchOnWall = (): void => {
    // Where a browser allows no full screen the board is shown in its window all the same.
    document.documentElement.requestFullscreen?.().catch(() => undefined);
    choose({ tv: true, asOf: null });
  };
  const leaf = (places: number) => (): void => choose({ board: boardAfter(board, places) });
  useKeys(tv ? {} : { ArrowRight: leaf(1), ArrowLeft: leaf(-1), t: watchOnWall, b: lookBack });

  useEffect(() => {
    const root = document.documentElement;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    root.dataset.theme = theme ?? "";
    root.dataset.tv = String(tv);
    document.title = `${words[`board.${board}`]} · Baton`;
  }, [lang, theme, tv, board]);

  return (
    <Language.Provider value={lang}>
      {tv ? (
        <Television shown={shown} selection={selection} choose={choose} />
      ) : (
        <Header {...{ shown, selection, choose, watchOnWall, lookBack }} />
      )}
      {asOf && <TimeTravel asOf={asOf} shown={shown} choose={choose} />}
      {shown.problem && (
        <p class="problem">
          <span aria-hidden="true">⚠ </span>
          {shown.problem}
        </p>
      )}
      {shown.token === "fine" ? (
        <main class="board" data-board={board} data-past={asOf !== null}>
          <View shown={shown} selection={selection} choose={choose} open={open} />
        </main>
      ) : shown.door ? (
        <DoorForm door={shown.door} why={shown.token === "refused" ? "refused" : null} />
      ) : (
        <TokenForm
          why={words[shown.token === "refused" ? "token.refused" : "token.wanted"]}
          label={words["token.label"]}
          use={words["token.use"]}
          give={giveToken}
        />
      )}
      {opened && <Explanation asked={opened} selection={selection} fetched={fetched} close={() => open(null)} />}
      <Announcer shown={shown} />
    </Language.Provider>
  );
}
