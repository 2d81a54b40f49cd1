import type { ComponentChildren } from "preact";

import { reachOf, type Source, stateOf } from "../live/freshness";
import type { Part } from "../live/part";
import { answered, isCurrent, type Shown } from "../live/shown";
import { useSpeech } from "../page/speech";
import { Fresh } from "./fresh";

interface Props {
  part: Part;
  /** What it is styled as. */
  kind: string;
  shown: Shown;
  title: string;
  /** Whose events it is made from. */
  sources: readonly Source[];
  note?: string;
  control?: ComponentChildren;
  children: ComponentChildren;
}

/** A named part of the board, which says itself how far it reaches and when it could not be refreshed. */
export function Panel({ part, kind, shown, title, sources, note, control, children }: Props) {
  const { words } = useSpeech();
  const heading = `${part.name}-heading`;
  const last = answered(shown, part);
  const reaches = reachOf(last?.reach ?? [], sources);
  return (
    <section
      class={`panel ${kind}`}
      aria-labelledby={heading}
      aria-busy={!isCurrent(shown, part)}
      data-reach={stateOf(reaches)}
    >
      <div class="panel-head">
        <h2 id={heading}>{title}</h2>
        <span class="note">
          {shown.failed.includes(part.name) ? <span class="failed">⚠ {words.notRefreshed}</span> : note}
        </span>
        <Fresh reaches={reaches} />
        {control}
      </div>
      {last ? children : <p class="nothing">{words.loading}…</p>}
    </section>
  );
}
