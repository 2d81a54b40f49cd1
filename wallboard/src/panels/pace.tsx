import { Chart } from "../chart/chart";
import { alongDays, plainChart } from "../chart/plain";
import { figure, said } from "../format/number";
import { businessDay } from "../format/time";
import type { History } from "../live/answers";
import type { Figure } from "../live/explanation";
import type { Part } from "../live/part";
import { answered, type Shown } from "../live/shown";
import { useSpeech } from "../page/speech";
import { dayAfter } from "../select/period";
import { Panel } from "./panel";

type Open = (figure: Figure) => void;

export interface Pace {
  currency: string;
  days: readonly string[];
  /** The first day behind each of these, which may be weeks or months. */
  ends: readonly string[];
  /** Won up to each day; nothing of days to come. */
  won: readonly (number | null)[];
  /** What should be won up to each day. */
  wanted: readonly number[];
}

/** Won by the day against what the targets ask for by then. */
export function PacePanel({ part, shown, open }: { part: Part<History>; shown: Shown; open: Open }) {
  const { words } = useSpeech();
  const told = answered(shown, part)?.answer;
  const paces = told ? pacesOf(told) : [];
  return (
    <Panel
      part={part}
      kind="pace"
      shown={shown}
      title={words.pace}
      sources={["customers", "performance"]}
      note={words["pace.note"]}
    >
      {paces.length === 0 ? (
        <p class="nothing">{words["none.target"]}</p>
      ) : (
        paces.map((pace) => <Against key={pace.currency} pace={pace} open={open} />)
      )}
    </Panel>
  );
}

function Against({ pace, open }: { pace: Pace; open: Open }) {
  const { lang, words } = useSpeech();
  const written = (value: number): string => said(figure(value, pace.currency, lang));
  const { days, ends, won, wanted } = pace;
  const names = [words["pace.won"], words["pace.wanted"]] as const;
  /** The sum up to the end of a day, week or month. */
  const upTo = (at: number, series: number) => () =>
    open({
      name: series === 0 ? "won_amount" : "target",
      label: `${names[series]} · ${dayAfter(ends[at]!, -1)}`,
      days: { from: days[0]!, to: ends[at]! },
    });
  return (
    <Chart
      label={`${words.pace}, ${pace.currency}`}
      table={{
        columns: [words.period, ...names],
        rows: days.map((day, at) => [day, won[at] == null ? "—" : written(won[at]), written(wanted[at]!)]),
      }}
      opens={(at, series) => (series === 0 && won[at] == null ? undefined : upTo(at, series))}
      draw={(ink) => ({
        ...plainChart(ink, written),
        xAxis: { ...alongDays(ink, days.map((day) => day.slice(5))), boundaryGap: false },
        series: [
          {
            name: names[0],
            type: "line",
            data: won,
            symbol: "none",
            areaStyle: { opacity: 0.15 },
            lineStyle: { width: ink.rem * 0.2 },
          },
          {
            name: names[1],
            type: "line",
            data: wanted,
            symbol: "none",
            itemStyle: { color: ink.quiet },
            lineStyle: { width: ink.rem * 0.12, type: "dashed", color: ink.quiet },
          },
        ],
      })}
    />
  );
}

/** Running sums by currency; a currency without any target has no pace. */
export function pacesOf({ spans, as_of }: History): Pace[] {
  const today = businessDay(Date.parse(as_of));
  const amount = (at: number, name: string, currency: string): number =>
    spans[at]!.kpis.find((kpi) => kpi.name === name && kpi.currency === currency)?.value ?? 0;
  const running = (name: string, currency: string): number[] => {
    let sum = 0;
    return spans.map((_, at) => (sum += amount(at, name, currency)));
  };
  const currencies = new Set(spans.flatMap(({ kpis }) => kpis.flatMap(({ currency }) => currency ?? [])));
  return [...currencies].sort().flatMap((currency) => {
    const wanted = running("target", currency);
    if (!wanted.at(-1)) return [];
    const won = running("won_amount", currency).map((sum, at) => (spans[at]!.from <= today ? sum : null));
    return [{ currency, days: spans.map(({ from }) => from), ends: spans.map(({ to }) => to), won, wanted }];
  });
}
