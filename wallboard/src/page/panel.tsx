import type { ComponentChildren } from "preact";

import { reachOf, type Source, stateOf } from "../live/freshness";
import type { Part, Shown } from "../live/shown";
import { Fresh } from "./fresh";
import { isCurrent } from "./is-current";
import { useSpeech } from "./speech";

interface Props {
  part: Part;
  shown: Shown;
  title: string;
  /** Whose events it is made from. */
  sources: readonly Source[];
  note?: string;
  control?: ComponentChildren;
  children: ComponentChildren;
}

/** A named part of the board, which says itself how far it reaches and when it could not be refreshed. */
export function Panel({ part, shown, title, sources, note, control, children }: Props) {
  const { words } = useSpeech();
  const heading = `${part}-heading`;
  const reaches = reachOf(shown.parts[part]?.reach ?? [], sources);
  return (
    <section
      class={`panel ${part}`}
      aria-labelledby={heading}
      aria-busy={!isCurrent(shown, part)}
      data-reach={stateOf(reaches)}
    >
      <div class="panel-head">
        <h2 id={heading}>{title}</h2>
        <span class="note">
          {shown.failed.includes(part) ? <span class="failed">⚠ {words.notRefreshed}</span> : note}
        </span>
        <Fresh reaches={reaches} />
        {control}
      </div>
      {shown.parts[part] ? children : <p class="nothing">{words.loading}…</p>}
    </section>
  );
}
