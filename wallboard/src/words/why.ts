/** Why a KPI has no value: what has not happened yet in the period. */

import type { Kpi } from "../live/answers";
import type { Words } from "./words";

type Reason = keyof Words & `none.${string}`;

const reasons: Partial<Record<string, Reason>> = {
  qualified_rate: "none.leads",
  won_amount: "none.won",
  win_rate: "none.closed",
  win_rate_value: "none.closed",
  average_deal_size: "none.won",
  cycle_median: "none.won",
  cycle_p90: "none.won",
  velocity: "none.won",
  conversion_engaging: "none.before",
  conversion_proposing: "none.before",
  conversion_negotiating: "none.before",
  conversion_won: "none.before",
  retention: "none.earlier",
  repurchase: "none.bought",
  revenue_per_customer: "none.shipped",
  gross_margin: "none.costed",
  return_rate: "none.shipped",
  on_time_in_full: "none.promised",
  collection_rate: "none.due",
  collection_rate_sales: "none.shipped",
  collection_rate_balance: "none.owed",
  dso: "none.invoiced",
  complaints_per_100: "none.delivered",
  complaint_resolution_time: "none.solved",
  csat: "none.surveyed",
  nps: "none.surveyed",
  attainment: "none.target",
  attainment_floor: "none.target",
  attainment_stretch: "none.target",
  pipeline_coverage: "none.target",
};

/** Medians that count who still waits: there are some, or fewer than half are done. */
const halves: Partial<Record<string, readonly [none: Reason, few: Reason]>> = {
  lead_response_time: ["none.leads", "none.contacted"],
  complaint_response_time: ["none.complaints", "none.answered"],
};

export function why({ name, denominator }: Pick<Kpi, "name" | "denominator">, words: Words): string {
  const half = halves[name];
  const reason = half ? half[denominator ? 1 : 0] : reasons[name];
  return words[reason ?? "none.data"] as string;
}
