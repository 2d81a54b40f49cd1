/** Every board by its name. */

import { kpisNow } from "../live/parts";
import type { Part } from "../live/part";
import type { BoardName } from "../select/boards";
import type { Selection } from "../select/selection";
import type { Board } from "./board";
import { company } from "./company";
import { complaints } from "./complaints";
import { delivery } from "./delivery";
import { forecast } from "./forecast";
import { funnel } from "./funnel";
import { handoffs } from "./handoffs";
import { sales } from "./sales";
import { targets } from "./targets";

export const boards: Record<BoardName, Board> = {
  company,
  sales,
  funnel,
  delivery,
  complaints,
  handoffs,
  targets,
  forecast,
};

/** All that has to be asked: while a board looks back, its figures as they are now as well. */
export function partsOf({ board, asOf }: Selection): readonly Part[] {
  const { parts, figures } = boards[board];
  return asOf && figures.length > 0 ? [...parts, kpisNow(figures)] : parts;
}
