import { change } from "../format/change";
import { figure, unitOf } from "../format/number";
import type { Kpi } from "../live/answers";
import { detail } from "../words/detail";
import { instead } from "../words/note";
import { useSpeech } from "./speech";

interface Props {
  kpi: Kpi;
  /** By how much it just moved. */
  by: number;
  open: (kpi: Kpi) => void;
}

/** One KPI: its name, its number, what it is made of, and by how much it just moved; opens its explanation. */
export function Tile({ kpi, by, open }: Props) {
  const { lang, words } = useSpeech();
  const moved = by === 0 ? "" : change(by, kpi.unit, lang);
  const good = by > 0 === (kpi.better === "more");
  const { text, full } = detail(kpi, words, lang);
  return (
    <li
      class="tile"
      data-kpi={kpi.name}
      data-unit={kpi.unit}
      data-note={kpi.note ?? ""}
      data-moved={moved !== ""}
      onClick={() => open(kpi)}
    >
      <h3 class="tile-label" title={kpi.label}>
        {/* Its click is the tile's. */}
        <button type="button" aria-haspopup="dialog">
          {kpi.label}
        </button>
      </h3>
      <Value kpi={kpi} />
      <p class="tile-foot">
        <span class="detail" title={full}>
          {text}
        </span>
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

/** The number, or the words that stand for it where there is none. */
export function Value({ kpi }: { kpi: Kpi }) {
  const { lang, words } = useSpeech();
  if (kpi.value === null) {
    return (
      <p class="tile-number none" data-value="">
        {instead(kpi, words, lang)}
      </p>
    );
  }
  const { before, digits, after, full } = figure(kpi.value, unitOf(kpi), lang);
  return (
    <p class="tile-number" data-value={kpi.value} title={full}>
      {before && <span class="unit">{before}</span>}
      {digits}
      {after && <span class="unit after">{after}</span>}
    </p>
  );
}
