import { describe, expect, test } from "vitest";

import { nameOf } from "../src/live/download";
import { type Cause, type Contribution, explained, type Explanation, type Part, pinned, termsOf } from "../src/live/explanation";
import { madeOf, movedBy } from "../src/words/made";

const cause = (change: number): Cause => ({
  event_id: `e${change}`,
  type: "deal-won.v1",
  stream: "deal-d1",
  revision: 4,
  occurred_at: "2026-11-05T03:27:00Z",
  recorded_at: "2026-11-05T03:27:00Z",
  change,
});
const made = (about: Partial<Contribution>): Contribution => ({
  entity: "deal-d1",
  customer: null,
  link: null,
  measure: "won_amount",
  currency: "CNY",
  bucket: 0,
  value: 12_345,
  events: [],
  ...about,
});

describe("what an entity adds", () => {
  test.each([
    [{}, "CNY 12,345", "CNY 12,345"],
    [{ measure: "won_count", currency: null, value: 1 }, "1", "1"],
    [{ measure: "won_priced_count", value: 1 }, "1", "1"],
    [{ measure: "cycle_days", currency: null, bucket: 19, value: 1 }, "19天", "19 d"],
    [{ measure: "slip_days", currency: null, value: 6 }, "6", "6"],
    [{ measure: "lead_response_minutes", currency: null, bucket: 46, value: 1 }, "46分钟", "46 min"],
    [{ measure: "nps_answers", currency: null, bucket: 9, value: 1 }, "9", "9"],
    [{ measure: "complaint_waiting", currency: null, bucket: 29_355_000, value: 1 }, "2025-10-24 18:00", "2025-10-24 18:00"],
  ])("%j is %s", (about, zh, en) => {
    expect(madeOf(made(about), "zh")).toBe(zh);
    expect(madeOf(made(about), "en")).toBe(en);
  });

  test("says how several events moved it, from minor units", () => {
    const several = made({ events: [cause(1_500_000), cause(-265_500)] });
    expect(several.events.map((event) => movedBy(event, several, "en"))).toEqual(["+15,000", "-2,655"]);
  });

  test("says no amounts of one event, nor of events that moved more than this", () => {
    const one = made({ events: [cause(1_234_500)] });
    expect(movedBy(one.events[0]!, one, "en")).toBe("");
    const other = made({ events: [cause(1_234_500), cause(7)] });
    expect(movedBy(other.events[0]!, other, "en")).toBe("");
  });
});

describe("an explanation", () => {
  const answer = { as_of: "2026-11-22T02:00:00Z", part: "whole", values: [], parts: [], items: [], next: "10" };

  test("is asked a page at a time, and refused when it is none", async () => {
    const asked: string[] = [];
    const answering = (body: unknown) => (path: string, query: URLSearchParams) => {
      asked.push(`${path}?${query}`);
      return Promise.resolve(new Response(JSON.stringify(body)));
    };
    const query = new URLSearchParams({ kpi: "won_amount" });
    const { signal } = new AbortController();
    expect((await explained(answering(answer), query, signal)).next).toBe("10");
    expect(asked).toEqual(["/explain?kpi=won_amount&limit=10"]);
    await expect(explained(answering({}), query, signal)).rejects.toThrow(TypeError);
  });

  test("goes on at the moment of its first page", () => {
    const next = pinned(new URLSearchParams({ kpi: "win_rate", part: "part" }), answer as unknown as Explanation);
    expect(next.toString()).toBe("kpi=win_rate&part=whole&as_of=2026-11-22T02%3A00%3A00Z");
  });

  test("names its parts as its formula does", () => {
    const terms = [
      { measure: "revenue_amount", label: "revenue_amount", sign: 1 },
      { measure: "cost_amount", label: "发货成本", sign: 1 },
      { measure: "returned_amount", label: "退货金额", sign: -1 },
    ];
    expect(termsOf({ terms } as unknown as Part)).toBe("revenue_amount + 发货成本 − 退货金额");
  });

  test("is saved under the name it gives itself", () => {
    expect(nameOf('attachment; filename="won_amount-terms.csv"', "x.csv")).toBe("won_amount-terms.csv");
    expect(nameOf(null, "x.csv")).toBe("x.csv");
  });
});
