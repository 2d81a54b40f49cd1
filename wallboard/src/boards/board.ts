/** A board as data: what it asks, and how it is drawn. */

import type { FunctionComponent } from "preact";

import type { Figure } from "../live/explanation";
import type { Part } from "../live/part";
import type { Shown } from "../live/shown";
import type { Choose } from "../page/use-selection";
import type { Selection } from "../select/selection";

export interface BoardProps {
  shown: Shown;
  selection: Selection;
  choose: Choose;
  /** Opens what a figure is made of. */
  open: (figure: Figure) => void;
}

export interface Board {
  parts: readonly Part[];
  /** The figures on its tiles: those that can be compared with now while it looks back. */
  figures: readonly string[];
  View: FunctionComponent<BoardProps>;
}
