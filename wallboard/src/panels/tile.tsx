import { change, shortly } from "../format/change";
import { figure, unitOf } from "../format/number";
import type { Kpi } from "../live/answers";
import type { Figure } from "../live/explanation";
import { saidOf } from "../live/causes";
import type { Moved } from "../live/changes";
import { detail } from "../words/detail";
import { instead } from "../words/note";
import { useSpeech } from "../page/speech";

interface Props {
  kpi: Kpi;
  /** By how much it just moved, and because of what. */
  moved: Moved | undefined;
  /** The same figure as it is now, while the board looks back. */
  now: Kpi | undefined;
  open: (figure: Figure) => void;
}

/** One KPI: its name, its number, what it is made of, and by how much it just moved; opens its explanation. */
export function Tile({ kpi, moved, now, open }: Props) {
  const { lang, words } = useSpeech();
  const by = moved?.by ?? 0;
  const said = by === 0 ? "" : change(by, kpi.unit, lang);
  const because = said && moved?.because ? saidOf(moved.because, lang) : "";
  const { text, full } = detail(kpi, words, lang);
  return (
    <li
      class="tile"
      data-kpi={kpi.name}
      data-unit={kpi.unit}
      data-note={kpi.note ?? ""}
      data-moved={said !== ""}
      data-because={because}
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
        <span class="detail" title={because || full}>
          {because || text}
        </span>
        {now ? <SinceThen then={kpi} now={now} /> : <Change by={by} said={said} better={kpi.better} />}
      </p>
    </li>
  );
}

function Change({ by, said, better }: { by: number; said: string; better: Kpi["better"] }) {
  return (
    <span class="change" data-good={by > 0 === (better === "more")}>
      {said && (
        <>
          <span aria-hidden="true">{by > 0 ? "▲" : "▼"}</span> {said}
        </>
      )}
    </span>
  );
}

/** What it came to since the moment that is shown. */
function SinceThen({ then, now }: { then: Kpi; now: Kpi }) {
  const { lang, words } = useSpeech();
  if (then.value === null || now.value === null) return null;
  const by = now.value - then.value;
  const said = by === 0 ? "" : shortly(by, then.unit, lang);
  return (
    <span class="since" data-since={by} title={words["past.now"](figure(now.value, unitOf(now), lang).full)}>
      {words["past.since"]} {said ? <Change by={by} said={said} better={then.better} /> : "±0"}
    </span>
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
