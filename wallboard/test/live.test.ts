import { describe, expect, test } from "vitest";

import { type Definition, withLists } from "../src/live/answers";
import { backoff } from "../src/live/backoff";
import { caused, causeOf, measuresOf, saidOf } from "../src/live/causes";
import { differences, IN_SIGHT, inSight, sums } from "../src/live/changes";
import { connection, GRACE } from "../src/live/connection";
import { kpi } from "./kpi";

const won = { type: "deal-won.v1", stream: "deal-42" };
const valued = (name: string, unit: string, value: number | null) => kpi({ name, unit, currency: unit, value });

describe("changes", () => {
  test("each currency's tile changes by itself", () => {
    const before = [valued("won_amount", "CNY", 100), valued("won_amount", "USD", 5)];
    const after = [valued("won_amount", "CNY", 12_100), valued("won_amount", "USD", 5)];
    expect(differences(before, after, 7)).toEqual([{ key: "won_amount·CNY", by: 12_000, at: 7, because: null }]);
  });

  test("a value that comes or goes is no change of so much", () => {
    const none = [valued("win_rate", "ratio", null)];
    const some = [valued("win_rate", "ratio", 0.5)];
    expect([...differences(none, some, 0), ...differences(some, none, 0), ...differences([], some, 0)]).toEqual([]);
  });

  test("binary fractions do not show", () => {
    expect(differences([valued("x", "CNY", 0.1)], [valued("x", "CNY", 0.3)], 0)[0]?.by).toBe(0.2);
  });

  test("a figure moved because of the last event that changed a measure of its formula", () => {
    const measures = measuresOf([{ name: "win_rate", measures: ["won_count", "lost_count"] } as unknown as Definition]);
    const causes = caused([{ measure: "won_count", type: "deal-lost.v1", stream: "deal-1" }, { measure: "open_count" }], 1);
    for (const [measure, cause] of caused([{ measure: "lost_count", ...won }], 2)) causes.set(measure, cause);
    expect(saidOf(causeOf(measures.get("win_rate"), causes)!, "en")).toBe("Deal won · deal-42");
    expect(causeOf(measures.get("nps"), causes)).toBeNull();
    expect(causeOf(measures.get("win_rate"), caused([], 0))).toBeNull();
  });

  test("changes close together add up, and leave one by one", () => {
    const changes = [
      { key: "a", by: 1, at: 0, because: null },
      { key: "a", by: 2, at: 3_000, because: won },
    ];
    expect(sums(inSight(changes, 3_000)).get("a")).toEqual({ by: 3, because: won });
    expect(sums(inSight(changes, IN_SIGHT)).get("a")).toEqual({ by: 2, because: won });
    expect(sums(inSight(changes, 3_000 + IN_SIGHT)).size).toBe(0);
  });
});

describe("how fresh the page is", () => {
  test.each([
    [{ open: false, failing: false, good: null }, "connecting"],
    [{ open: true, failing: false, good: 1 }, "live"],
    [{ open: false, failing: false, good: 1 }, "reconnecting"],
    [{ open: true, failing: true, good: 1 }, "reconnecting"],
  ])("%j is %s", (health, state) => {
    expect(connection(health, 2).state).toBe(state);
  });

  test("after a while it is stale since it was last good", () => {
    expect(connection({ open: false, failing: true, good: 5 }, 5 + GRACE)).toEqual({ state: "stale", since: 5 });
  });
});

test("tries come ever later, up to fifteen seconds", () => {
  expect([0, 1, 2, 3, 4, 50].map((failures) => backoff(failures, 1))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

test("an answer without its list is refused before it reaches the page", () => {
  expect(() => withLists<{ kpis: unknown[] }>({ kpis: null }, "kpis")).toThrow("kpis should be a list");
  expect(() => withLists<{ kpis: unknown[] }>("<html>", "kpis")).toThrow(TypeError);
});
