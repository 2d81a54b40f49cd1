import { figuresOf, type Group, widthOf } from "../boards/groups";
import type { Figure } from "../live/explanation";
import { keyOf } from "../live/changes";
import { reachOf, stateOf } from "../live/freshness";
import { kpis as part, kpisNow } from "../live/parts";
import { answered, isCurrent, type Shown } from "../live/shown";
import { useSpeech } from "../page/speech";
import { Fresh } from "./fresh";
import { Tile } from "./tile";

type Open = (figure: Figure) => void;

interface Props {
  groups: readonly Group[];
  shown: Shown;
  open: Open;
}

/** A board's figures, group by group. */
export function Tiles({ groups, shown, open }: Props) {
  const { words } = useSpeech();
  const figures = figuresOf(groups);
  return (
    <section
      class="tiles-section"
      aria-label={words.kpis}
      aria-busy={!isCurrent(shown, part(figures))}
      style={{ "--columns": widthOf(figures.length) }}
    >
      {groups.map((group) => (
        <Together key={group.name} group={group} shown={shown} open={open} />
      ))}
    </section>
  );
}

function Together({ group, shown, open }: { group: Group; shown: Shown; open: Open }) {
  const { words } = useSpeech();
  const last = answered(shown, part(group.kpis));
  const now = answered(shown, kpisNow(group.kpis))?.answer.kpis ?? [];
  const kpis = last && group.kpis.flatMap((name) => last.answer.kpis.filter((kpi) => kpi.name === name));
  const reaches = reachOf(last?.reach ?? [], group.sources);
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
          ? kpis.map((kpi) => (
              <Tile
                key={keyOf(kpi)}
                kpi={kpi}
                moved={shown.changes.get(keyOf(kpi))}
                now={now.find((each) => keyOf(each) === keyOf(kpi))}
                open={open}
              />
            ))
          : group.kpis.map((name) => <li key={name} class="tile empty" />)}
      </ul>
    </section>
  );
}
