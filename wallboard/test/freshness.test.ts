import { describe, expect, test } from "vitest";

import type { Reached } from "../src/live/answers";
import { followed, isSuspected, newest, PATIENCE, type Reach, reachOf, sourceOf, stateOf, worst } from "../src/live/freshness";
import { reachesIn, reachIn, worstIn } from "../src/words/freshness";
import { wordsOf } from "../src/words/words";

const NOW = Date.parse("2026-11-22T02:00:00Z");
const [zh, en] = [wordsOf("zh"), wordsOf("en")];

/** An answer in which only orders are behind. */
function answer(events: number | null, seconds: number | null): Reached[] {
  const all = (source: string): Reached => ({
    source,
    last_event_at: "2026-11-22T01:59:50Z",
    lag_events: 0,
    lag_seconds: 0,
  });
  const orders = { ...all("baton.orders.events"), lag_events: events, lag_seconds: seconds };
  return [all("baton.coordination.events"), all("baton.customers.events"), orders, all("own store")];
}

/** What is known after answers that came so many milliseconds after the first. */
const after = (...answers: readonly (readonly [number, Reached[]])[]): Reach[] =>
  answers.reduce<Reach[]>((before, [ms, told]) => followed(before, told, NOW + ms), []);

describe("a lag", () => {
  test("of events on their way is none, however often it is seen", () => {
    const reaches = after([0, answer(63, 0.4)], [4_000, answer(52, 0.3)], [8_000, answer(19, 2.9)]);
    expect(stateOf(reaches)).toBe("fresh");
    expect(reaches.some(isSuspected)).toBe(false);
  });

  test("after a quiet hour is none when the next answer has taken it", () => {
    const before = after([0, answer(1, 3_600)]);
    expect(stateOf(before)).toBe("fresh");
    expect(before.some(isSuspected)).toBe(true);
    expect(stateOf(followed(before, answer(0, 0), NOW + 1_500))).toBe("fresh");
  });

  test("that lasts is told, until an answer without it", () => {
    const late = after([0, answer(19, 5)], [1_500, answer(19, 6.5)], [PATIENCE, answer(20, 8)]);
    expect(stateOf(late)).toBe("behind");
    expect(late.some(isSuspected)).toBe(false);
    expect(stateOf(followed(late, answer(0, 0), NOW + 4_500))).toBe("fresh");
  });

  test("that comes again has to last again", () => {
    expect(stateOf(after([0, answer(1, 9)], [1_500, answer(0, 0)], [3_500, answer(1, 9)]))).toBe("fresh");
  });

  test("nobody can tell is unknown, and so is a source that the answer leaves out", () => {
    expect(stateOf(after([0, answer(null, null)], [PATIENCE, answer(null, null)]))).toBe("unknown");
    expect(stateOf(after([0, []], [PATIENCE, []]))).toBe("unknown");
    expect(stateOf(after([0, []]))).toBe("fresh");
  });

  test("of events before the first was taken is one", () => {
    expect(stateOf(after([0, answer(3, null)], [PATIENCE, answer(3, null)]))).toBe("behind");
  });
});

describe("sources", () => {
  test("go by the service whose events they carry", () => {
    expect(["baton.orders.events", "own store", "elsewhere"].map(sourceOf)).toEqual(["orders", "performance", "elsewhere"]);
  });

  test("of a panel are its own alone; the worst of all is the header's", () => {
    const reaches = after([0, answer(19, 5)], [PATIENCE, answer(19, 8)]);
    expect(stateOf(reachOf(reaches, ["customers", "performance"]))).toBe("fresh");
    expect(stateOf(reachOf(reaches, ["orders"]))).toBe("behind");
    expect(worst(reaches)?.source).toBe("orders");
  });

  test("of none there is no newest event", () => {
    expect(newest([])).toBeNull();
    expect(newest(after([0, answer(0, 0)]))).toBe(Date.parse("2026-11-22T01:59:50Z"));
  });
});

describe("in words", () => {
  const fresh = after([0, answer(2, 0.1)]);
  const late = after([0, answer(1_900, 5)], [PATIENCE, answer(1_900, 75)]);
  const unknown = after([0, answer(null, null)], [PATIENCE, answer(null, null)]);

  test("up to date is the time of the newest event", () => {
    expect(reachIn(fresh, zh, "zh", NOW)).toBe("09:59:50");
    expect(worstIn(fresh, zh, "zh")).toBe("数据最新");
    expect(worstIn(fresh, en, "en")).toBe("up to date");
  });

  test("behind says how long, and in the header of what and by how many", () => {
    expect(reachIn(late, zh, "zh", NOW)).toBe("落后 1分");
    expect(reachIn(late, en, "en", NOW)).toBe("1 min behind");
    expect(worstIn(late, zh, "zh")).toBe("订单：落后 1,900 条 · 1分");
    expect(worstIn(late, en, "en")).toBe("Orders: 1,900 events behind · 1 min");
  });

  test("unknown says so", () => {
    expect(reachIn(unknown, zh, "zh", NOW)).toBe("时效未知");
    expect(worstIn(unknown, en, "en")).toBe("Orders: lag not known");
  });

  test("each source has its line", () => {
    expect(reachesIn(reachOf(fresh, ["customers", "orders"]), zh, "zh", NOW)).toBe(
      "客户：09:59:50 · 数据最新\n订单：09:59:50 · 2 条在途",
    );
    expect(reachesIn(reachOf(late, ["orders", "performance"]), en, "en", NOW)).toBe(
      "Orders: 09:59:50 · 1,900 events behind · 1 min\nTeams and targets: 09:59:50 · up to date",
    );
  });
});
