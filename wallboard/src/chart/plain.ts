/** What every chart of ours looks like: quiet axes, readable type, no motion where none is wanted. */

import type { EChartsCoreOption } from "echarts/core";

import type { Ink } from "./ink";
import { STILL, wish } from "./wishes";

export function plainChart(ink: Ink, written: (value: number) => string): EChartsCoreOption {
  const type = { color: ink.quiet, fontFamily: ink.font, fontSize: ink.rem * 0.8125 };
  return {
    animation: !wish(STILL).matches,
    animationDuration: 300,
    color: [...ink.series],
    textStyle: { fontFamily: ink.font, color: ink.text },
    grid: { left: 0, right: ink.rem, top: ink.rem * 2.25, bottom: 0, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { top: 0, left: 0, textStyle: { ...type, color: ink.text }, itemGap: ink.rem },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: ink.ground,
      borderColor: ink.edge,
      textStyle: { color: ink.text, fontSize: ink.rem * 0.875 },
      valueFormatter: (value: unknown) => (typeof value === "number" ? written(value) : "—"),
    },
    yAxis: {
      type: "value",
      axisLabel: { ...type, formatter: written },
      splitLine: { lineStyle: { color: ink.edge } },
    },
  };
}

/** The axis of days or months, each by its name. */
export function alongDays(ink: Ink, names: readonly string[]): EChartsCoreOption {
  return {
    type: "category",
    data: [...names],
    axisLabel: { color: ink.quiet, fontFamily: ink.font, fontSize: ink.rem * 0.8125, hideOverlap: true },
    axisLine: { lineStyle: { color: ink.edge } },
    axisTick: { show: false },
  };
}
