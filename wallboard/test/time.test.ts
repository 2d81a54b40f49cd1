import { expect, test } from "vitest";

import { businessDay, localMoment, moment, momentIn, span, timeOfDay } from "../src/format/time";

test("the business day turns at midnight in Shanghai", () => {
  expect(businessDay(Date.parse("2025-11-30T15:59:59Z"))).toBe("2025-11-30");
  expect(businessDay(Date.parse("2025-11-30T16:00:00Z"))).toBe("2025-12-01");
});

test("a moment is told as the business's clock shows it", () => {
  expect(timeOfDay(Date.parse("2025-11-30T16:00:05Z"))).toBe("00:00:05");
  expect(timeOfDay(Number.NaN)).toBe("");
});

test("a moment is as short as the day allows", () => {
  const now = Date.parse("2026-11-22T02:00:00Z");
  expect(moment(Date.parse("2026-11-21T16:00:05Z"), now)).toBe("00:00:05");
  expect(moment(Date.parse("2026-11-21T15:59:59Z"), now)).toBe("11-21 23:59");
  expect(moment(Date.parse("2025-12-31T01:02:03Z"), now)).toBe("2025-12-31 09:02");
  expect(moment(Number.NaN, now)).toBe("");
});

test.each([
  [40, "40秒", "40 s"],
  [90 * 60, "1小时30分", "1 h 30 min"],
  [3 * 3600, "3小时", "3 h"],
  [29 * 3600, "29小时", "29 h"],
  [3 * 86_400 + 5, "3天", "3 d"],
  [-5, "0秒", "0 s"],
])("%d seconds are %s and %s", (seconds, zh, en) => {
  expect(span(seconds, "zh")).toBe(zh);
  expect(span(seconds, "en")).toBe(en);
});

test("a date field means a moment of the business's zone", () => {
  expect(momentIn("2025-03-01T00:30")).toBe(Date.UTC(2025, 1, 28, 16, 30));
  expect(localMoment(Date.UTC(2025, 1, 28, 16, 30))).toBe("2025-03-01T00:30");
  expect(momentIn("")).toBeNull();
});
