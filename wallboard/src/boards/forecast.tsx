import { drift, forecast as months, kpis } from "../live/parts";
import { DriftPanel } from "../panels/drift";
import { ForecastPanel } from "../panels/forecast";
import { Tiles } from "../panels/tiles";
import type { Board, BoardProps } from "./board";
import { figuresOf, FORECAST } from "./groups";

const figures = figuresOf(FORECAST);

/** What is to be expected, and how that moved. */
function Forecast({ shown, open }: BoardProps) {
  return (
    <>
      <Tiles groups={FORECAST} shown={shown} open={open} />
      <ForecastPanel shown={shown} open={open} />
      <DriftPanel shown={shown} />
    </>
  );
}

export const forecast: Board = { parts: [kpis(figures), months, drift], figures, View: Forecast };
