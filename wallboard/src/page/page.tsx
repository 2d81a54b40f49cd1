import { useEffect, useState } from "preact/hooks";

import type { Kpi } from "../live/answers";
import { preferredLang } from "../select/selection";
import { wordsOf } from "../words/words";
import { Announcer } from "./announcer";
import { Explanation } from "./explanation";
import { FunnelPanel } from "./funnel-panel";
import { HandoffsPanel } from "./handoffs-panel";
import { Header } from "./header";
import { LeaderboardPanel } from "./leaderboard-panel";
import { Language } from "./speech";
import { Tiles } from "./tiles";
import { TokenForm } from "./token-form";
import { useBoard } from "./use-board";
import { useSelection } from "./use-selection";

/** The whole board. */
export function Page() {
  const [selection, choose] = useSelection();
  const lang = selection.lang ?? preferredLang(navigator.languages);
  const { shown, giveToken, fetched } = useBoard(selection, lang);
  const [opened, open] = useState<Kpi | null>(null);
  const { title } = wordsOf(lang);

  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = title;
  }, [lang, title]);

  return (
    <Language.Provider value={lang}>
      <Header shown={shown} selection={selection} choose={choose} />
      {shown.problem && (
        <p class="problem">
          <span aria-hidden="true">⚠ </span>
          {shown.problem}
        </p>
      )}
      {shown.token === "fine" ? (
        <main class="board">
          <Tiles shown={shown} open={open} />
          <FunnelPanel shown={shown} />
          <LeaderboardPanel shown={shown} by={selection.by} choose={choose} />
          <HandoffsPanel shown={shown} />
        </main>
      ) : (
        <TokenForm refused={shown.token === "refused"} give={giveToken} />
      )}
      {opened && <Explanation kpi={opened} selection={selection} fetched={fetched} close={() => open(null)} />}
      <Announcer shown={shown} />
    </Language.Provider>
  );
}
