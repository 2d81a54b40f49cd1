import type { Kpi } from "../live/answers";
import { keyOf } from "../live/changes";
import { reachOf, stateOf } from "../live/freshness";
import type { Shown } from "../live/shown";
import { type Group, GROUPS, widthOf } from "../select/groups";
import { Fresh } from "./fresh";
import { isCurrent } from "./is-current";
import { useSpeech } from "./speech";
import { Tile } from "./tile";

type Open = (kpi: Kpi) => void;

/** The company's figures, group by group. */
export function Tiles({ shown, open }: { shown: Shown; open: Open }) {
  const { words } = useSpeech();
  return (
    <section class="tiles-section" aria-label={words.kpis} aria-busy={!isCurrent(shown, "kpis")}>
      {GROUPS.map((group) => (
        <Together key={group.name} group={group} shown={shown} open={open} />
      ))}
    </section>
  );
}

function Together({ group, shown, open }: { group: Group; shown: Shown; open: Open }) {
  const { words } = useSpeech();
  const answered = shown.parts.kpis;
  const kpis = answered && group.kpis.flatMap((name) => answered.answer.kpis.filter((kpi) => kpi.name === name));
  const reaches = reachOf(answered?.reach ?? [], group.sources);
  const heading = `${group.name}-heading`;
  // As wide as its figures before they come, so that nothing jumps then.
  const wide = widthOf(kpis?.length ?? group.kpis.length);
  return (
    <section
      class="group"
      aria-labelledby={heading}
      data-group={group.name}
      data-reach={stateOf(reaches)}
      style={{ "--wide": wide }}
    >
      <div class="group-head">
        <h2 id={heading}>{words[`group.${group.name}`]}</h2>
        <Fresh reaches={reaches} />
      </div>
      <ul class="tiles">
        {kpis
          ? kpis.map((kpi) => <Tile key={keyOf(kpi)} kpi={kpi} by={shown.changes.get(keyOf(kpi)) ?? 0} open={open} />)
          : group.kpis.map((name) => <li key={name} class="tile empty" />)}
      </ul>
    </section>
  );
}
