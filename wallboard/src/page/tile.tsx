import { change } from "../format/change";
import { figure, isCurrency, said } from "../format/number";
import type { Kpi } from "../live/answers";
import { why } from "../words/why";
import { useSpeech } from "./speech";

const LESS_IS_BETTER: ReadonlySet<string> = new Set([
  "lead_response_time",
  "cycle_median",
  "cycle_p90",
  "complaints_open",
  "complaint_response_time",
]);

/** One KPI: its name, its number, what it is made of, and by how much it just moved. */
export function Tile({ kpi, by }: { kpi: Kpi; by: number }) {
  const { lang } = useSpeech();
  const moved = by === 0 ? "" : change(by, kpi.unit, lang);
  const good = by > 0 !== LESS_IS_BETTER.has(kpi.name);
  return (
    <li class="tile" data-kpi={kpi.name} data-unit={kpi.unit} data-moved={moved !== ""}>
      <h2 class="tile-label" title={kpi.label}>
        {kpi.label}
      </h2>
      <Number kpi={kpi} />
      <p class="tile-foot">
        <Detail kpi={kpi} />
        <span class="change" data-good={good}>
          {moved && (
            <>
              <span aria-hidden="true">{by > 0 ? "▲" : "▼"}</span> {moved}
            </>
          )}
        </span>
      </p>
    </li>
  );
}

function Number({ kpi }: { kpi: Kpi }) {
  const { lang } = useSpeech();
  if (kpi.value === null) {
    return (
      <p class="tile-number" data-value="">
        —
      </p>
    );
  }
  const { before, digits, after, full } = figure(kpi.value, kpi.unit, lang);
  return (
    <p class="tile-number" data-value={kpi.value} title={full}>
      {before && <span class="unit">{before}</span>}
      {digits}
      {after && <span class="unit after">{after}</span>}
    </p>
  );
}

function Detail({ kpi }: { kpi: Kpi }) {
  const { lang, words } = useSpeech();
  const { numerator, denominator, unit } = kpi;
  if (kpi.value === null) return <span class="detail">{why(kpi.name, words)}</span>;
  if (unit === "ratio" && numerator !== null && denominator !== null) {
    const [part, whole] = [figure(numerator, "count", lang), figure(denominator, "count", lang)];
    return (
      <span class="detail" title={`${part.full} / ${whole.full}`}>
        {said(part)} / {said(whole)}
      </span>
    );
  }
  return <span class="detail">{isCurrency(unit) ? unit : ""}</span>;
}
