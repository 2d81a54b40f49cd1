import { describe, expect, test } from "vitest";

import { rangeOf } from "../src/select/period";
import { asked, preferredLang, readSelection, writeSelection } from "../src/select/selection";

describe("periods", () => {
  test.each([
    ["month", "2025-12-15", "2025-12-01", "2026-01-01"],
    ["last-month", "2025-01-31", "2024-12-01", "2025-01-01"],
    ["quarter", "2025-11-21", "2025-10-01", "2026-01-01"],
    ["quarter", "2025-03-31", "2025-01-01", "2025-04-01"],
    ["year", "2025-11-21", "2025-01-01", "2026-01-01"],
  ] as const)("%s on %s is %s up to %s", (preset, today, from, to) => {
    expect(rangeOf({ preset }, today)).toEqual({ from, to });
  });
});

describe("the address holds the selection", () => {
  test.each([
    "",
    "?period=quarter&lang=en",
    "?from=2016-01-01&to=2018-01-01&region=%E5%8D%8E%E4%B8%9C&team=t2&person=p1&line=GTX&by=team&lang=zh",
    "?board=sales&as_of=2025-03-01T02%3A30%3A00.000Z&department=sales&tv=1&stay=5&theme=light",
  ])("%s reads back as itself", (query) => {
    expect(writeSelection(readSelection(query))).toBe(query);
  });

  test.each(["?from=2025-02-30&to=2025-03-01", "?from=2025-03-01&to=2025-03-01", "?from=x", "?period=decade&by=cat&lang=fr", "?board=moon&as_of=soon&tv=yes&stay=0&theme=pink", "?as_of=2999-01-01"])(
    "%s makes no sense and is this month",
    (query) => {
      expect(writeSelection(readSelection(query))).toBe("");
    },
  );

  test("only what is chosen is asked", () => {
    const selection = readSelection("?region=华东&by=team");
    expect(asked({ from: "a", to: "b" }, selection).toString()).toBe(
      `from=a&to=b&region=${encodeURIComponent("华东")}`,
    );
  });
});

test("the browser's first language decides", () => {
  expect(preferredLang(["zh-TW", "en"])).toBe("zh");
  expect(preferredLang(["de-DE", "zh"])).toBe("en");
  expect(preferredLang([])).toBe("en");
});
