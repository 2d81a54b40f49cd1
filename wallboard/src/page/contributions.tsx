import type { Contribution, Part } from "../live/explanation";
import { named } from "../words/names";
import { madeOf, movedBy, when } from "../words/made";
import { AtDesk } from "./at-desk";
import { useSpeech } from "./speech";

/** What each thing adds, the largest first, with the events that made it so. */
export function Contributions({ items, part }: { items: readonly Contribution[]; part: Part | undefined }) {
  const { words } = useSpeech();
  const terms = part?.terms ?? [];
  const labels = new Map(terms.length > 1 ? terms.map(({ measure, label }) => [measure, label]) : []);
  if (items.length === 0) return <p class="nothing">{words["explain.none"]}</p>;
  return (
    <ol class="contributions">
      {items.map((item, at) => (
        <Line key={at} item={item} label={labels.get(item.measure)} />
      ))}
    </ol>
  );
}

/** `label` tells which measure it adds to, where there are several. */
function Line({ item, label }: { item: Contribution; label: string | undefined }) {
  const { lang } = useSpeech();
  const { entity, customer } = item;
  return (
    <li data-entity={entity}>
      <span class="entity">
        <AtDesk stream={entity}>{entity}</AtDesk>
        {customer && <small> {customer}</small>}
        {label && <small> {label}</small>}
      </span>
      <span class="value">{madeOf(item, lang)}</span>
      <ul class="causes">
        {item.events.map((event) => (
          <li key={event.event_id} title={`${event.type} · ${event.stream} · ${event.revision} · ${event.event_id}`}>
            <strong>{named("event", event.type, lang)}</strong> {when(Date.parse(event.occurred_at))} {movedBy(event, item, lang)}
          </li>
        ))}
      </ul>
    </li>
  );
}
