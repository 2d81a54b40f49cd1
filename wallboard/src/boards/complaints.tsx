import { history, kpis } from "../live/parts";
import { useSpeech } from "../page/speech";
import { Tiles } from "../panels/tiles";
import { TrendPanel } from "../panels/trend";
import type { Board, BoardProps } from "./board";
import { COMPLAINTS, figuresOf } from "./groups";

const figures = figuresOf(COMPLAINTS);
const open = history("complaints-open", ["complaints_open"]);
const times = history("complaint-times", ["complaint_response_time", "complaint_resolution_time"]);
const satisfied = history("csat", ["csat"]);

/** What customers complain about for how long, and how content they are. */
function Complaints({ shown, open: explain }: BoardProps) {
  const { words } = useSpeech();
  return (
    <>
      <Tiles groups={COMPLAINTS} shown={shown} open={explain} />
      <TrendPanel part={open} shown={shown} title={words["trend.complaints"]} sources={["customers"]} as="bar" open={explain} />
      <TrendPanel part={times} shown={shown} title={words["trend.times"]} sources={["customers"]} as="line" open={explain} />
      <TrendPanel part={satisfied} shown={shown} title={words["trend.csat"]} sources={["customers"]} as="line" open={explain} />
    </>
  );
}

export const complaints: Board = { parts: [kpis(figures), open, times, satisfied], figures, View: Complaints };
