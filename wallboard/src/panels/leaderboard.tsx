import { figure, said } from "../format/number";
import type { Leaderboard, Row } from "../live/answers";
import type { Figure } from "../live/explanation";
import type { Part } from "../live/part";
import { answered, type Shown } from "../live/shown";
import type { By } from "../select/selection";
import { Bar } from "./bar";
import { Opens } from "./opens";
import { Panel } from "./panel";
import { useSpeech } from "../page/speech";
import type { Choose } from "../page/use-selection";

const SHOWN = 50;

interface Props {
  part: Part<Leaderboard>;
  shown: Shown;
  by: By;
  choose: Choose;
  open: (figure: Figure) => void;
}

/** Who does best at a figure, as people or as teams. */
export function LeaderboardPanel({ part, shown, by, choose, open }: Props) {
  const { words } = useSpeech();
  const board = answered(shown, part)?.answer;
  const rows = board?.rows ?? [];
  const most = new Map<string, number>();
  for (const { unit, value } of rows) most.set(unit, Math.max(most.get(unit) ?? 0, value ?? 0));
  const control = (
    <div class="switch" role="group" aria-label={words["leaderboard.by"]}>
      {(["person", "team"] as const).map((each) => (
        <button key={each} type="button" aria-pressed={each === by} onClick={() => choose({ by: each })}>
          {words[`leaderboard.${each}`]}
        </button>
      ))}
    </div>
  );
  return (
    <Panel
      part={part}
      kind="leaderboard"
      shown={shown}
      title={words.leaderboard}
      sources={["customers", "performance"]}
      note={board?.label ?? ""}
      control={control}
    >
      {rows.length === 0 ? (
        <p class="nothing">{words["leaderboard.none"]}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="group" aria-label={words.leaderboard}>
          <ol class="ranks">
            {rows.slice(0, SHOWN).map((row) => (
              <Ranked
                key={`${row.id} ${row.unit}`}
                row={row}
                share={(row.value ?? 0) / (most.get(row.unit) || 1)}
                open={() => board && open({ name: board.kpi, label: `${board.label} · ${row.name}`, of: { [by]: row.id } })}
              />
            ))}
          </ol>
          {rows.length > SHOWN && <p class="nothing">{words.more(rows.length - SHOWN)}</p>}
        </div>
      )}
    </Panel>
  );
}

function Ranked({ row, share, open }: { row: Row; share: number; open: () => void }) {
  const { lang } = useSpeech();
  const value = row.value === null ? null : figure(row.value, row.unit, lang);
  return (
    <li data-row={row.id}>
      <span class="rank">{row.rank}</span>
      <span class="name" title={row.name}>
        {row.name}
      </span>
      <Bar share={share} />
      <span class="value" data-value={row.value ?? ""} title={value?.full}>
        {value ? <Opens open={open}>{said(value)}</Opens> : "—"}
      </span>
    </li>
  );
}
