import { Chart } from "../chart/chart";
import { alongDays, plainChart } from "../chart/plain";
import { figure, said } from "../format/number";
import { drift as part } from "../live/parts";
import { answered, type Shown } from "../live/shown";
import { useSpeech } from "../page/speech";
import { Panel } from "./panel";

const LINES = ["weighted", "commit", "won"] as const;
const STYLES = { weighted: "solid", commit: "dashed", won: "dotted" } as const;

/** How what was expected of the period moved from day to day. */
export function DriftPanel({ shown }: { shown: Shown }) {
  const { lang, words } = useSpeech();
  const days = answered(shown, part)?.answer.days ?? [];
  const currencies = [...new Set(days.flatMap(({ amounts }) => Object.keys(amounts)))].sort();
  return (
    <Panel
      part={part}
      kind="drift"
      shown={shown}
      title={words.drift}
      sources={["customers", "performance"]}
      note={words["drift.note"]}
    >
      {currencies.length === 0 && <p class="nothing">{words["none.data"]}</p>}
      {currencies.map((currency) => {
        const written = (value: number): string => said(figure(value, currency, lang));
        const values = (line: (typeof LINES)[number]) => days.map(({ amounts }) => amounts[currency]?.[line] ?? null);
        const names = LINES.map((line) => words[`forecast.${line}`]);
        return (
          <Chart
            key={currency}
            label={`${words.drift}, ${currency}`}
            table={{
              columns: [words.period, ...names],
              rows: days.map(({ day, amounts }) => [
                day,
                ...LINES.map((line) => (amounts[currency] ? written(amounts[currency][line]) : "—")),
              ]),
            }}
            draw={(ink) => ({
              ...plainChart(ink, written),
              xAxis: { ...alongDays(ink, days.map(({ day }) => day.slice(5))), boundaryGap: false },
              series: LINES.map((line, at) => ({
                name: names[at],
                type: "line",
                data: values(line),
                symbolSize: ink.rem * 0.35,
                lineStyle: { width: ink.rem * 0.2, type: STYLES[line] },
              })),
            })}
          />
        );
      })}
    </Panel>
  );
}
