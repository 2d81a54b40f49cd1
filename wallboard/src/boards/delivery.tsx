import { ageing, history, kpis } from "../live/parts";
import { useSpeech } from "../page/speech";
import { AgeingPanel } from "../panels/ageing";
import { Tiles } from "../panels/tiles";
import { TrendPanel } from "../panels/trend";
import type { Board, BoardProps } from "./board";
import { DELIVERY, figuresOf } from "./groups";

const figures = figuresOf(DELIVERY);
const money = history("money", ["revenue", "receipts"]);
const punctual = history("on-time", ["on_time_in_full"]);

/** What left the house, and what came in for it. */
function Delivery({ shown, open }: BoardProps) {
  const { words } = useSpeech();
  return (
    <>
      <Tiles groups={DELIVERY} shown={shown} open={open} />
      <TrendPanel part={money} shown={shown} title={words["trend.money"]} sources={["orders"]} as="bar" open={open} />
      <TrendPanel part={punctual} shown={shown} title={words["trend.on-time"]} sources={["orders"]} as="line" open={open} />
      <AgeingPanel shown={shown} open={open} />
    </>
  );
}

export const delivery: Board = { parts: [kpis(figures), money, punctual, ageing], figures, View: Delivery };
