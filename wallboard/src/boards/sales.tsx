import { history, kpis, ranked, wins } from "../live/parts";
import { useSpeech } from "../page/speech";
import { LeaderboardPanel } from "../panels/leaderboard";
import { Tiles } from "../panels/tiles";
import { TrendPanel } from "../panels/trend";
import { WinsPanel } from "../panels/wins";
import type { Board, BoardProps } from "./board";
import { figuresOf, SALES } from "./groups";

const figures = figuresOf(SALES);
const ranking = ranked("won_amount");
const won = history("won", ["won_amount"]);

/** Who sells what, as it happens. */
function Sales({ shown, selection, choose, open }: BoardProps) {
  const { words } = useSpeech();
  return (
    <>
      <Tiles groups={SALES} shown={shown} open={open} />
      <LeaderboardPanel part={ranking} shown={shown} by={selection.by} choose={choose} open={open} />
      <WinsPanel shown={shown} live={selection.asOf === null} />
      <TrendPanel part={won} shown={shown} title={words["trend.won"]} sources={["customers"]} as="bar" open={open} />
    </>
  );
}

export const sales: Board = { parts: [kpis(figures), ranking, wins, won], figures, View: Sales };
