import { history, kpis, ranked } from "../live/parts";
import { LeaderboardPanel } from "../panels/leaderboard";
import { PacePanel } from "../panels/pace";
import { Tiles } from "../panels/tiles";
import type { Board, BoardProps } from "./board";
import { figuresOf, TARGETS } from "./groups";

const figures = figuresOf(TARGETS);
const ranking = ranked("attainment");
const pace = history("pace", ["won_amount", "target"]);

/** How far everybody is, against what was agreed for by now. */
function Targets({ shown, selection, choose, open }: BoardProps) {
  return (
    <>
      <Tiles groups={TARGETS} shown={shown} open={open} />
      <PacePanel part={pace} shown={shown} open={open} />
      <LeaderboardPanel part={ranking} shown={shown} by={selection.by} choose={choose} open={open} />
    </>
  );
}

export const targets: Board = { parts: [kpis(figures), pace, ranking], figures, View: Targets };
