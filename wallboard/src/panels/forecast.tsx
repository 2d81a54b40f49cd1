import { Chart } from "../chart/chart";
import { alongDays, plainChart } from "../chart/plain";
import { figure, plain, said } from "../format/number";
import type { ForecastMonth, ForecastOf } from "../live/answers";
import type { Figure } from "../live/explanation";
import { forecast as part } from "../live/parts";
import { answered, type Shown } from "../live/shown";
import { useSpeech } from "../page/speech";
import { monthOf } from "../select/period";
import { Opens } from "./opens";
import { Panel } from "./panel";

/** What is expected of each month: won, weighed by stage, promised by people, and as the past suggests. */
export function ForecastPanel({ shown, open }: { shown: Shown; open: (figure: Figure) => void }) {
  const { words } = useSpeech();
  const forecasts = answered(shown, part)?.answer.forecasts ?? [];
  return (
    <Panel
      part={part}
      kind="forecast"
      shown={shown}
      title={words.forecast}
      sources={["customers", "performance"]}
      note={words["forecast.note"]}
    >
      {forecasts.map((each) => (
        <OfCurrency key={each.currency} forecast={each} open={open} />
      ))}
    </Panel>
  );
}

function OfCurrency({ forecast, open }: { forecast: ForecastOf; open: (figure: Figure) => void }) {
  const { lang, words } = useSpeech();
  const { currency, months } = forecast;
  const written = (value: number | null | undefined): string =>
    value == null ? "—" : said(figure(value, currency, lang));
  const names = months.map(({ month }) => month.slice(0, 7));
  const rows = seriesOf(words).map(({ name, value }) => ({ name, values: months.map(value) }));
  return (
    <>
      <Chart
        label={`${words.forecast}, ${currency}`}
        table={{
          columns: [words.period, ...rows.map(({ name }) => name)],
          rows: names.map((name, at) => [name, ...rows.map(({ values }) => written(values[at]))]),
        }}
        draw={(ink) => {
          const [won, open, commit, past] = rows;
          const mark = { type: "line", symbolSize: ink.rem * 0.75, lineStyle: { opacity: 0 } };
          const stacked = { type: "bar", stack: "weighted", barMaxWidth: ink.rem * 3 };
          return {
            ...plainChart(ink, (value) => written(value)),
            aria: { enabled: false, decal: { show: true } },
            xAxis: alongDays(ink, names),
            series: [
              { ...stacked, name: won!.name, data: won!.values, itemStyle: { color: ink.good } },
              { ...stacked, name: open!.name, data: open!.values, itemStyle: { color: ink.series[0] } },
              { ...mark, name: commit!.name, data: commit!.values, symbol: "diamond", itemStyle: { color: ink.warn } },
              { ...mark, name: past!.name, data: past!.values, symbol: "circle", itemStyle: { color: ink.text } },
            ],
          };
        }}
      />
      <table class="months">
        <thead>
          <tr>
            <th scope="col">{words["forecast.month"]}</th>
            <th scope="col">{words["forecast.weighted"]}</th>
            <th scope="col">{words["forecast.commit"]}</th>
            <th scope="col">{words["forecast.past"]}</th>
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <tr key={month.month} data-month={month.month}>
              <th scope="row">{month.month.slice(0, 7)}</th>
              <td data-value={month.weighted.total}>
                <Opens open={() => open(weightedOf(month, words["forecast.weighted"]))}>
                  {written(month.weighted.total)}
                </Opens>
              </td>
              <td data-value={month.commit ?? ""}>
                {written(month.commit)}
                {month.committed > 0 && <small> {words["forecast.people"](plain(month.committed, lang))}</small>}
              </td>
              <td>
                {written(month.statistical?.point)}
                {month.statistical?.lower != null && (
                  <small>
                    {" "}
                    {written(month.statistical.lower)} – {written(month.statistical.upper)}
                  </small>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="nothing">
        {forecast.reason
          ? words["forecast.too-little"](plain(forecast.history, lang))
          : words["forecast.made"](plain(forecast.history, lang), plain(forecast.coverage * 100, lang))}
      </p>
    </>
  );
}

const weightedOf = ({ month }: ForecastMonth, label: string): Figure => ({
  name: "weighted_forecast",
  label: `${label} · ${month.slice(0, 7)}`,
  days: monthOf(month),
});

const seriesOf = (words: ReturnType<typeof useSpeech>["words"]) => [
  { name: words["forecast.won"], value: ({ weighted }: ForecastMonth) => weighted.won },
  { name: words["forecast.open"], value: ({ weighted }: ForecastMonth) => weighted.total - weighted.won },
  { name: words["forecast.commit"], value: ({ commit }: ForecastMonth) => commit },
  { name: words["forecast.past"], value: ({ statistical }: ForecastMonth) => statistical?.point ?? null },
];
