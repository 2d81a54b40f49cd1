import { alongDays, plainChart } from "../chart/plain";
import { Chart } from "../chart/chart";
import { figure, said } from "../format/number";
import { businessDay } from "../format/time";
import type { Every, History, Span } from "../live/answers";
import type { Figure } from "../live/explanation";
import type { Source } from "../live/freshness";
import type { Part } from "../live/part";
import { answered, type Shown } from "../live/shown";
import { useSpeech } from "../page/speech";
import { Panel } from "./panel";

interface Props {
  part: Part<History>;
  shown: Shown;
  title: string;
  sources: readonly Source[];
  /** Bars for what adds up, lines for what does not. */
  as: "bar" | "line";
  open: (figure: Figure) => void;
}

interface Series {
  kpi: string;
  name: string;
  stands: boolean;
  unit: string;
  values: (number | null)[];
}

/** Figures span by span over the period. */
export function TrendPanel({ part, shown, title, sources, as, open }: Props) {
  const { lang, words } = useSpeech();
  const history = answered(shown, part)?.answer;
  const spans = lived(history);
  const series = seriesOf(spans);
  const names = spans.map(({ from }) => spanName(from, history?.by ?? "day"));
  const written = (unit: string) => (value: number) => said(figure(value, unit, lang));
  const unit = series[0]?.unit ?? "count";
  return (
    <Panel part={part} kind="trend" shown={shown} title={title} sources={sources}>
      {series.length === 0 ? (
        <p class="nothing">{words["none.data"]}</p>
      ) : (
        <Chart
          label={title}
          table={{
            columns: [words.period, ...series.map(({ name }) => name)],
            rows: names.map((name, at) => [
              name,
              ...series.map(({ values, unit: its }) => (values[at] == null ? "—" : written(its)(values[at]))),
            ]),
          }}
          opens={(row, at) => () => open(figureOf(series[at]!, spans[row]!, names[row]!))}
          draw={(ink) => ({
            ...plainChart(ink, written(unit)),
            aria: { enabled: false, decal: { show: series.length > 1 && as === "bar" } },
            xAxis: alongDays(ink, names),
            series: series.map(({ name, values }, at) => ({
              name,
              type: as,
              data: values,
              barMaxWidth: ink.rem * 2,
              connectNulls: true,
              symbolSize: ink.rem * 0.4,
              lineStyle: { width: ink.rem * 0.15, type: at === 0 ? "solid" : "dashed" },
            })),
          })}
        />
      )}
    </Panel>
  );
}

/** Spans that have begun by the moment shown, without the empty ones before the first number. */
function lived(history: History | undefined) {
  if (!history) return [];
  const today = businessDay(Date.parse(history.as_of));
  const begun = history.spans.filter(({ from }) => from <= today);
  return begun.slice(Math.max(0, begun.findIndex(({ kpis }) => kpis.some(({ value }) => value))));
}

function seriesOf(spans: History["spans"]): Series[] {
  const found = new Map<string, Series>();
  spans.forEach(({ kpis }, at) => {
    for (const { name: kpi, label, stands, unit, currency, value } of kpis) {
      const name = currency && currency !== unit ? `${label} ${currency}` : label;
      const key = `${name} ${unit}`;
      const its = found.get(key) ?? { kpi, name, stands, unit, values: spans.map(() => null) };
      its.values[at] = value;
      found.set(key, its);
    }
  });
  return [...found.values()].filter(({ values }) => values.some((value) => value !== null));
}

/** How things stood is told as of when each span was over. */
const figureOf = ({ kpi, name, stands }: Series, { from, to, over_at }: Span, when: string): Figure => ({
  name: kpi,
  label: `${name} · ${when}`,
  days: { from, to },
  asOf: stands ? over_at : null,
});

function spanName(from: string, by: Every): string {
  if (by === "year") return from.slice(0, 4);
  return by === "month" || by === "quarter" ? from.slice(0, 7) : from.slice(5);
}
