import type { ComponentChildren } from "preact";

import type { Part, Shown } from "../live/shown";
import { isCurrent } from "./is-current";
import { useSpeech } from "./speech";

interface Props {
  part: Part;
  shown: Shown;
  title: string;
  note?: string;
  control?: ComponentChildren;
  children: ComponentChildren;
}

/** A named part of the board, which says itself when it could not be refreshed. */
export function Panel({ part, shown, title, note, control, children }: Props) {
  const { words } = useSpeech();
  const heading = `${part}-heading`;
  return (
    <section class={`panel ${part}`} aria-labelledby={heading} aria-busy={!isCurrent(shown, part)}>
      <div class="panel-head">
        <h2 id={heading}>{title}</h2>
        <span class="note">
          {shown.failed.includes(part) ? <span class="failed">⚠ {words.notRefreshed}</span> : note}
        </span>
        {control}
      </div>
      {shown.parts[part] ? children : <p class="nothing">{words.loading}…</p>}
    </section>
  );
}
