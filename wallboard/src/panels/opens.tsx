import type { ComponentChildren } from "preact";

import { useSpeech } from "../page/speech";

/** A number that opens what it is made of. */
export function Opens({ open, children }: { open: () => void; children: ComponentChildren }) {
  const { words } = useSpeech();
  return (
    <button type="button" class="opens" aria-haspopup="dialog" title={words["explain.open"]} onClick={open}>
      {children}
    </button>
  );
}
