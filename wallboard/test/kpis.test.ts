import { describe, expect, test } from "vitest";

import { COMPANY, figuresOf, widthOf } from "../src/boards/groups";
import { detail } from "../src/words/detail";
import { beside, instead } from "../src/words/note";
import { why } from "../src/words/why";
import { wordsOf } from "../src/words/words";
import { kpi } from "./kpi";

const [zh, en] = [wordsOf("zh"), wordsOf("en")];

describe("the company board", () => {
  test("fills three rows of seven", () => {
    const rows = [COMPANY.slice(0, 2), COMPANY.slice(2, 5), COMPANY.slice(5)];
    expect(rows.map((row) => figuresOf(row).length)).toEqual([7, 7, 7]);
  });

  test("breaks a group of more tiles into rows of equal length", () => {
    expect([2, 7, 8, 14, 15].map(widthOf)).toEqual([2, 7, 4, 7, 5]);
  });
});

describe("a note", () => {
  test.each([
    ["met", "已达成", "met"],
    ["not-kept-by:person", "不按人员统计", "not kept by person"],
    ["not-kept-by:line", "不按产品线统计", "not kept by product line"],
    ["not-kept-by:product", "不按产品统计", "not kept by product"],
    ["not-kept-by:channel", "不按channel统计", "not kept by channel"],
    ["no-estimate", "无市场估计", "no market estimate"],
    ["something-new:1", "something-new:1", "something-new:1"],
  ])("%s stands where the number would: %s, %s", (note, inZh, inEn) => {
    const noted = kpi({ name: "pipeline_coverage", unit: "ratio", note });
    expect(instead(noted, zh, "zh")).toBe(inZh);
    expect(instead(noted, en, "en")).toBe(inEn);
    expect(beside(noted, en, "en")).toBe("");
  });

  test("of who still waits stands below the number, with of how many it speaks beside", () => {
    const waiting = kpi({
      name: "lead_response_time",
      unit: "minutes",
      value: 46,
      numerator: 1_135,
      denominator: 1_139,
      note: "waiting:4",
    });
    expect(detail(waiting, zh, "zh")).toEqual({ text: "4 条仍在等待", full: "4 条仍在等待 · n = 1,139" });
    expect(detail(waiting, en, "en").text).toBe("4 still waiting");
  });

  test("of who still waits does not hide why there is no number", () => {
    const waiting = kpi({ name: "lead_response_time", unit: "minutes", denominator: 5, note: "waiting:4" });
    expect(instead(waiting, zh, "zh")).toBe("已联系不足半数");
    expect(detail(waiting, zh, "zh").text).toBe("4 条仍在等待");
  });

  test("of stages without history says how many were left out", () => {
    const forecast = kpi({ name: "weighted_forecast", unit: "CNY", value: 9, note: "no-history:proposing,negotiating" });
    expect(detail(forecast, zh, "zh").text).toBe("未计入 2 个无历史的阶段");
    expect(detail(forecast, en, "en").text).toBe("2 stages left out: no history");
  });
});

describe("without a value a KPI says what has not happened", () => {
  test.each([
    ["on_time_in_full", "尚无到期的交付承诺", "no promise due yet"],
    ["retention", "此前无成交客户", "no customers before"],
    ["gross_margin", "尚无已知成本的发货", "nothing of known cost shipped"],
    ["nps", "尚无回答", "no answers yet"],
    ["pipeline_coverage", "未设目标", "no target set"],
    ["something_new", "暂无数据", "no data yet"],
  ])("%s: %s, %s", (name, inZh, inEn) => {
    expect(why({ name, denominator: 0 }, zh)).toBe(inZh);
    expect(why({ name, denominator: 0 }, en)).toBe(inEn);
  });

  test("a median that counts who waits tells none from too few", () => {
    expect(why({ name: "complaint_response_time", denominator: 0 }, en)).toBe("no complaints");
    expect(why({ name: "complaint_response_time", denominator: 3 }, en)).toBe("fewer than half answered");
  });
});

describe("below a number", () => {
  test.each([
    [{ name: "win_rate", unit: "ratio", value: 0.57, numerator: 57, denominator: 100 }, "57 / 100", "57 / 100"],
    [
      { name: "collection_rate", unit: "ratio", currency: "CNY", value: 0.9, numerator: 7_142_813.4, denominator: 8_131_243.2 },
      "714.3万 / 813.1万",
      "7,142,813.4 / 8,131,243.2 CNY",
    ],
    [{ name: "complaints_per_100", unit: "per-100", value: 27.7, numerator: 13, denominator: 47 }, "13 / 47", "13 / 47"],
    [{ name: "nps", unit: "score", value: 16.7, numerator: 2, denominator: 12 }, "n = 12", "n = 12"],
    [{ name: "cycle_median", unit: "days", value: 19, denominator: 57 }, "n = 57", "n = 57"],
    [
      { name: "dso", unit: "days", currency: "CNY", value: 20.9, numerator: 3_753_627.6, denominator: 5_395_961.8 },
      "375.4万 / 539.6万",
      "3,753,627.6 / 5,395,961.8 CNY",
    ],
    [{ name: "won_amount", unit: "CNY", currency: "CNY", value: 5, numerator: 5 }, "CNY", "CNY"],
    [{ name: "leads", unit: "count", value: 5, numerator: 5 }, "", ""],
  ])("%j says %s", (about, text, full) => {
    expect(detail(kpi(about), zh, "zh")).toEqual({ text, full });
  });
});
