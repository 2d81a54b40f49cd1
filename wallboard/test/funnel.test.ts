import { describe, expect, test } from "vitest";

import type { Stage } from "../src/live/answers";
import { skippedOf, stepOf, waysOf } from "../src/words/bar";
import { wordsOf } from "../src/words/words";

const proposing: Stage = {
  stage: "proposing",
  label: "方案报价",
  strict: 5_700,
  reached: 5_880,
  implied: 7_120,
  skipped: 1_240,
  standing: 120,
  undecided: 120,
  lost: 300,
  amount: [],
  implied_amount: [],
  matured: 7_000,
  minutes_median: null,
  minutes_p90: null,
  conversion: 0.857831,
  matured_conversion: 0.946809,
};
const [zh, en] = [wordsOf("zh"), wordsOf("en")];

describe("a bar of the funnel", () => {
  test("says how many deals went beyond without standing there", () => {
    expect(skippedOf(proposing, en, "en")).toBe("1,240 skipped it");
    expect(skippedOf(proposing, zh, "zh")).toBe("1,240 单跳过");
  });

  test("says nothing of skipping where nobody skipped", () => {
    const whole = { ...proposing, reached: 7_120, skipped: 0 };
    expect(skippedOf(whole, en, "en")).toBe("");
    expect(waysOf(whole, en, "en")).toBe("Came this far 7,120 · stood here 7,120 · through every stage 5,700");
  });

  test("counts its deals in every way beside each other", () => {
    expect(waysOf(proposing, zh, "zh")).toBe("到达及以后 7,120 · 实际到达 5,880 · 1,240 单跳过 · 逐级经过 5,700");
  });

  test("gives its step in full, and without those that may still go on", () => {
    expect(stepOf(proposing, en, "en")).toBe("85.7831% · 94.6809% of those decided");
    expect(stepOf(proposing, zh, "zh")).toBe("85.7831% · 已定商机中 94.6809%");
  });

  test("has no step where there is none before it, or none decided", () => {
    expect(stepOf({ ...proposing, conversion: null, matured_conversion: null }, en, "en")).toBe("");
    expect(stepOf({ ...proposing, conversion: 0, matured_conversion: null }, en, "en")).toBe("0%");
  });
});
