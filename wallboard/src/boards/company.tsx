import { funnel, handoffs, kpis, ranked } from "../live/parts";
import { FunnelPanel } from "../panels/funnel";
import { HandoffsPanel } from "../panels/handoffs";
import { LeaderboardPanel } from "../panels/leaderboard";
import { Tiles } from "../panels/tiles";
import type { Board, BoardProps } from "./board";
import { COMPANY, figuresOf } from "./groups";

const figures = figuresOf(COMPANY);
const ranking = ranked("won_amount");

/** The whole company at a glance. */
function Company({ shown, selection, choose, open }: BoardProps) {
  return (
    <>
      <Tiles groups={COMPANY} shown={shown} open={open} />
      <FunnelPanel shown={shown} open={open} />
      <LeaderboardPanel part={ranking} shown={shown} by={selection.by} choose={choose} open={open} />
      <HandoffsPanel shown={shown} />
    </>
  );
}

export const company: Board = { parts: [kpis(figures), funnel, ranking, handoffs], figures, View: Company };
