import { funnel as stages, kpis } from "../live/parts";
import { FunnelPanel } from "../panels/funnel";
import { Tiles } from "../panels/tiles";
import type { Board, BoardProps } from "./board";
import { figuresOf, FUNNEL } from "./groups";

const figures = figuresOf(FUNNEL);

/** How far deals come, and where they stand. */
function Funnel({ shown, open }: BoardProps) {
  return (
    <>
      <Tiles groups={FUNNEL} shown={shown} open={open} />
      <FunnelPanel shown={shown} open={open} />
    </>
  );
}

export const funnel: Board = { parts: [kpis(figures), stages], figures, View: Funnel };
