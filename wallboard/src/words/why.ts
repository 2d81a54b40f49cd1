/** Why a KPI has no value: what has not happened yet in the period. */

import type { Words } from "./words";

const reasons: Partial<Record<string, keyof Words & `none.${string}`>> = {
  qualified_rate: "none.leads",
  lead_response_time: "none.contacted",
  won_amount: "none.won",
  win_rate: "none.closed",
  win_rate_value: "none.closed",
  average_deal_size: "none.won",
  cycle_median: "none.won",
  cycle_p90: "none.won",
  on_time_delivery: "none.delivered",
  collection_rate: "none.due",
  complaint_response_time: "none.answered",
  attainment: "none.target",
};

export const why = (kpi: string, words: Words): string => words[reasons[kpi] ?? "none.data"] as string;
