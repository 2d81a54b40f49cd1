import { span, timeOfDay } from "../format/time";
import type { Handoff } from "../live/answers";
import { named } from "../words/names";
import { AtDesk } from "../page/at-desk";
import { useSpeech } from "../page/speech";
import { useNow } from "../page/use-now";

const SHOWN = 50;

/** The hand-offs that somebody still has to take or finish, the most urgent first. */
export function OpenHandoffs({ open }: { open: readonly Handoff[] }) {
  const { words } = useSpeech();
  const now = useNow(10_000);
  const urgent = [...open].sort((a, b) => due(a) - due(b));
  return (
    <div class="open">
      <h3>{words["handoffs.open"]}</h3>
      {open.length === 0 ? (
        <p class="nothing">{words["handoffs.none"]}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="group" aria-label={words["handoffs.open"]}>
          <ul>
            {urgent.slice(0, SHOWN).map((handoff) => (
              <Line key={handoff.id} handoff={handoff} now={now} />
            ))}
          </ul>
          {open.length > SHOWN && <p class="nothing">{words.more(open.length - SHOWN)}</p>}
        </div>
      )}
    </div>
  );
}

const due = ({ due_at }: Handoff): number => (due_at === null ? Number.MAX_SAFE_INTEGER : Date.parse(due_at));

function Line({ handoff, now }: { handoff: Handoff; now: number }) {
  const { lang, words } = useSpeech();
  const left = (due(handoff) - now) / 1000;
  const late = handoff.due_at !== null && (handoff.breached || left < 0);
  const said =
    handoff.due_at === null
      ? words["handoffs.undated"]
      : late
        ? words["handoffs.overdue"](span(-left, lang))
        : words["handoffs.due"](span(left, lang));
  return (
    <li class={late ? "late" : ""} data-handoff={handoff.id} data-late={late}>
      <span class="handoff-title" title={handoff.title}>
        <AtDesk stream={`handoff-${handoff.id}`}>{handoff.title}</AtDesk>
      </span>
      <span class="route">
        {named("department", handoff.from_department, lang)} → {named("department", handoff.to_department, lang)}
        {" · "}
        {named("value", handoff.state, lang)}
      </span>
      <time class="due" dateTime={handoff.due_at ?? ""} title={handoff.due_at ? timeOfDay(due(handoff)) : ""}>
        {late && <span aria-hidden="true">⚠ </span>}
        {said}
      </time>
    </li>
  );
}
