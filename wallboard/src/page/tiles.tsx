import { keyOf } from "../live/changes";
import type { Shown } from "../live/shown";
import { isCurrent } from "./is-current";
import { useSpeech } from "./speech";
import { Tile } from "./tile";

/** As many as the service has figures, so that nothing jumps when they come. */
const EXPECTED = 18;

export function Tiles({ shown }: { shown: Shown }) {
  const { words } = useSpeech();
  const kpis = shown.parts.kpis?.answer.kpis;
  return (
    <section class="tiles-section" aria-label={words.kpis} aria-busy={!isCurrent(shown, "kpis")}>
      <ul class="tiles">
        {kpis
          ? kpis.map((kpi) => <Tile key={keyOf(kpi)} kpi={kpi} by={shown.changes.get(keyOf(kpi)) ?? 0} />)
          : Array.from({ length: EXPECTED }, (_, at) => <li key={at} class="tile empty" />)}
      </ul>
    </section>
  );
}
