import { useEffect } from "preact/hooks";

import { preferredLang } from "../select/selection";
import { wordsOf } from "../words/words";
import { Announcer } from "./announcer";
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
  const [shown, giveToken] = useBoard(selection, lang);
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
          <Tiles shown={shown} />
          <FunnelPanel shown={shown} />
          <LeaderboardPanel shown={shown} by={selection.by} choose={choose} />
          <HandoffsPanel shown={shown} />
        </main>
      ) : (
        <TokenForm refused={shown.token === "refused"} give={giveToken} />
      )}
      <Announcer shown={shown} />
    </Language.Provider>
  );
}
