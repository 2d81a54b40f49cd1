import { expect, test } from "vitest";

import { rearranged } from "../src/desk/page/deal-board";

const at = (id: string, stage: string, changed_at: string, state = "open") => ({ id, stage, state, changed_at }) as never;
const COLUMNS = ["prospecting", "engaging", "proposing", "negotiating", "won", "lost"] as const;
const board = (...deals: [string, never][]) =>
  new Map(COLUMNS.map((column) => [column, { items: deals.flatMap(([of, deal]) => (of === column ? [deal] : [])), next: null }]));
const where = (shown: ReturnType<typeof rearranged>, id: string) =>
  COLUMNS.filter((column) => shown.get(column)!.deals.some((deal) => deal.id === id));

test("a moved card is shown where it went until the list has followed, and never twice", () => {
  const moved = new Map([["d1", { to: "won" as const, from: "t1" }]]);
  expect(where(rearranged(board(["engaging", at("d1", "engaging", "t1")]), moved), "d1")).toEqual(["won"]);
  expect(where(rearranged(board(["won", at("d1", "engaging", "t2", "won")]), moved), "d1")).toEqual(["won"]);
});

test("where somebody else moved it afterwards is where it is", () => {
  const moved = new Map([["d1", { to: "proposing" as const, from: "t1" }]]);
  expect(where(rearranged(board(["negotiating", at("d1", "negotiating", "t3")]), moved), "d1")).toEqual(["negotiating"]);
});
