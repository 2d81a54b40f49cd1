import { describe, expect, test } from "vitest";

import { change } from "../src/format/change";
import { compact, figure, said, unitOf } from "../src/format/number";

describe("numbers read from a distance", () => {
  test.each([
    [10_005_534, "1,000.6万", "10.01M"],
    [128_450_000, "1.28亿", "128.5M"],
    [9_999, "9,999", "9,999"],
    [12_345, "1.23万", "12.35k"],
    [0, "0", "0"],
    [-45_600, "-4.56万", "-45.60k"],
  ])("%d is %s and %s", (value, zh, en) => {
    expect(said({ before: "", full: "", ...compact(value, "zh") })).toBe(zh);
    expect(said({ before: "", full: "", ...compact(value, "en") })).toBe(en);
  });

  test("rounding up reaches the next unit instead of 1,000k or 10,000万", () => {
    expect(compact(999_990, "en")).toEqual({ digits: "1.00", after: "M" });
    expect(compact(99_999_999, "zh")).toEqual({ digits: "1.00", after: "亿" });
  });

  test("money has its sign before it and its full amount beside it", () => {
    expect(figure(10_005_534, "CNY", "zh")).toEqual({ before: "¥", digits: "1,000.6", after: "万", full: "CNY 10,005,534" });
    expect(said(figure(-12_000, "USD", "en"))).toBe("-$12.00k");
  });

  test("a unit nobody foresaw is still shown", () => {
    expect(figure(3, "points", "en").full).toBe("3 points");
    expect(figure(3, "QQQ", "en").before).toBe("QQQ");
  });

  test("a ratio is a percentage", () => {
    expect(said(figure(0.631501, "ratio", "en"))).toBe("63.2%");
    expect(figure(0.631501, "ratio", "zh").full).toBe("63.1501%");
  });

  test.each([
    [37.5, "minutes", "37.5分钟", "37.5 min"],
    [185, "minutes", "3.1小时", "3.1 h"],
    [4_320, "minutes", "3天", "3 d"],
    [57, "days", "57天", "57 d"],
  ])("%d %s is %s and %s", (value, unit, zh, en) => {
    expect(said(figure(value, unit, "zh"))).toBe(zh);
    expect(said(figure(value, unit, "en"))).toBe(en);
  });

  test.each([
    [16.666667, "score", "+16.7", "+16.7"],
    [-5, "score", "-5", "-5"],
    [0, "score", "0", "0"],
    [27.659574, "per-100", "27.7/100", "27.7/100"],
    [33, "per-100", "33.0/100", "33.0/100"],
    [122_680.634632, "CNY/day", "¥12.27万/天", "¥122.7k/d"],
  ])("%d %s is %s and %s", (value, unit, zh, en) => {
    expect(said(figure(value, unit, "zh"))).toBe(zh);
    expect(said(figure(value, unit, "en"))).toBe(en);
  });

  test("money a day is told from money by its KPI", () => {
    expect(unitOf({ name: "velocity", unit: "CNY" })).toBe("CNY/day");
    expect(unitOf({ name: "won_amount", unit: "CNY" })).toBe("CNY");
    expect(figure(1_500, "USD/day", "en").full).toBe("USD 1,500/d");
  });
});

describe("by how much a number changed", () => {
  test.each([
    [12_000, "CNY", "+12,000", "+12,000"],
    [-1, "count", "-1", "-1"],
    [25_000_000, "CNY", "+2,500.0万", "+25.00M"],
    [0.015, "ratio", "+1.5个百分点", "+1.5 pp"],
    [-0.0001, "ratio", "-0.01个百分点", "-0.01 pp"],
    [3, "minutes", "+3分钟", "+3 min"],
    [-1.25, "score", "-1.25", "-1.25"],
    [0.5, "per-100", "+0.5", "+0.5"],
    [0.000_000_1, "ratio", "", ""],
  ])("%d %s is %s and %s", (by, unit, zh, en) => {
    expect(change(by, unit, "zh")).toBe(zh);
    expect(change(by, unit, "en")).toBe(en);
  });
});
