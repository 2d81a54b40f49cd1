import { describe, expect, test } from "vitest";

import { boards, partsOf } from "../src/boards";
import { question } from "../src/live/part";
import { BOARDS, boardAfter } from "../src/select/boards";
import { rangeOf } from "../src/select/period";
import { asked, momentOf, readSelection } from "../src/select/selection";
import { LANGS, wordsOf } from "../src/words/words";

const TODAY = "2025-11-21";

/** What a page of this address asks, by part. */
function asking(address: string): Map<string, URLSearchParams> {
  const selection = readSelection(address);
  const range = rangeOf(selection.period, TODAY);
  const about = { range, today: TODAY, selection, query: asked(range, selection) };
  return new Map(partsOf(selection).map((part) => [part.name, question(part, about, "zh").query]));
}

describe.each(BOARDS)("the %s board", (name) => {
  const { parts, figures } = boards[name];

  test("asks each of its questions once, and for each figure once", () => {
    expect(new Set(parts.map((part) => part.name)).size).toBe(parts.length);
    expect(new Set(figures).size).toBe(figures.length);
  });

  test("has a name in both languages", () => {
    expect(LANGS.map((lang) => wordsOf(lang)[`board.${name}`])).not.toContain(undefined);
  });

  test("asks about one moment when it looks back, and for its figures as they are now", () => {
    const moment = "2025-03-01T02:30:00.000Z";
    for (const [part, query] of asking(`?board=${name}&as_of=${moment}`)) {
      expect(query.get("as_of")).toBe(part === "kpis-now" ? null : moment);
    }
    expect(asking(`?board=${name}&as_of=${moment}`).has("kpis-now")).toBe(figures.length > 0);
    expect(asking(`?board=${name}`).has("kpis-now")).toBe(false);
  });
});

test("every filter narrows what people and goods are asked about; hand-offs belong to departments", () => {
  const all = asking("?person=p1&line=GTX&department=sales");
  expect(all.get("kpis")?.get("person")).toBe("p1");
  expect(all.get("funnel")?.get("line")).toBe("GTX");
  expect([...all.get("handoffs")!.keys()]).toEqual(["from", "to", "lang"]);
});

test.each([
  ["?board=targets", "day"],
  ["?board=targets&from=2025-01-01&to=2025-07-01", "week"],
  ["?board=targets&period=year", "month"],
  ["?board=targets&period=all", "year"],
])("%s is told by the %s", (address, by) => {
  expect(asking(address).get("history-pace")?.get("by")).toBe(by);
});

test.each([
  ["all", "forecast", "2024-11-21", "2026-11-21"],
  ["all", "drift", "2025-08-14", "2025-11-22"],
  ["year", "forecast", "2025-01-01", "2026-01-01"],
  ["year", "drift", "2025-08-14", "2025-11-22"],
  ["month", "drift", "2025-11-01", "2025-11-22"],
])("of %s the %s is asked from %s to %s: what the service answers, and people look at", (period, part, from, to) => {
  const query = asking(`?board=forecast&period=${period}`).get(part)!;
  expect([query.get("from"), query.get("to")]).toEqual([from, to]);
});

test("after the last board comes the first", () => {
  expect(boardAfter("forecast")).toBe("company");
  expect(boardAfter("company", -1)).toBe("forecast");
});

test("this month is the month of the moment that is shown", () => {
  const { asOf } = readSelection("?as_of=2025-03-15T00:00:00Z");
  expect(momentOf({ asOf }, 0)).toBe(Date.UTC(2025, 2, 15));
  expect(momentOf({ asOf: null }, 7)).toBe(7);
});
