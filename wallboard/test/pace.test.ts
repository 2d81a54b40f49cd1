import { expect, test } from "vitest";

import type { History, Span } from "../src/live/answers";
import { pacesOf } from "../src/panels/pace";
import { kpi } from "./kpi";

function day(from: string, won: number, target: number, currency = "CNY"): Span {
  const money = { unit: currency, currency };
  const kpis = [kpi({ name: "won_amount", value: won, ...money }), kpi({ name: "target", value: target, ...money })];
  return { from, to: from, over_at: null, kpis };
}

const told = (...spans: Span[]): History => ({
  from: "2025-03-01",
  to: "2025-04-01",
  by: "day",
  as_of: "2025-03-02T08:00:00Z",
  freshness: [],
  spans,
});

test("what was won is summed up to today, what is wanted up to the last day", () => {
  const [pace] = pacesOf(told(day("2025-03-01", 5, 10), day("2025-03-02", 7, 10), day("2025-03-03", 0, 10)));
  expect(pace?.won).toEqual([5, 12, null]);
  expect(pace?.wanted).toEqual([10, 20, 30]);
});

test("a currency without a target has no pace", () => {
  expect(pacesOf(told(day("2025-03-01", 5, 0)))).toEqual([]);
  expect(pacesOf(told())).toEqual([]);
});
