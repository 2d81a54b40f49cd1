/** The boards there are, in the order people leaf through them. */

export const BOARDS = [
  "company",
  "sales",
  "funnel",
  "delivery",
  "complaints",
  "handoffs",
  "targets",
  "forecast",
] as const;
export type BoardName = (typeof BOARDS)[number];

/** The board so many places further on; after the last comes the first. */
export function boardAfter(board: BoardName, places = 1): BoardName {
  const at = (BOARDS.indexOf(board) + places + BOARDS.length) % BOARDS.length;
  return BOARDS[at]!;
}
