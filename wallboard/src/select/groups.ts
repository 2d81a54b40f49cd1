/** The figures of the company board: which KPIs stand together, and whose events they are made from. */

import type { Source } from "../live/freshness";

export interface Group {
  name: "sales" | "target" | "leads" | "customers" | "delivery" | "money" | "service";
  kpis: readonly string[];
  /** Teams and targets are the performance service's own. */
  sources: readonly Source[];
}

/** Seven tiles fill a row of a wall. */
export const GROUPS: readonly Group[] = [
  {
    name: "sales",
    kpis: ["open_pipeline", "won_count", "won_amount", "win_rate", "cycle_median"],
    sources: ["customers", "performance"],
  },
  { name: "target", kpis: ["attainment", "pipeline_coverage"], sources: ["customers", "performance"] },
  {
    name: "leads",
    kpis: ["leads", "qualified_rate", "lead_response_time"],
    sources: ["customers", "performance"],
  },
  {
    name: "customers",
    kpis: ["new_customers", "retention"],
    sources: ["customers", "orders", "performance"],
  },
  { name: "delivery", kpis: ["orders_shipped", "on_time_in_full"], sources: ["orders", "performance"] },
  {
    name: "money",
    kpis: ["revenue", "gross_margin", "receipts", "collection_rate"],
    sources: ["orders", "performance"],
  },
  {
    name: "service",
    kpis: ["complaints_open", "complaint_response_time", "nps"],
    sources: ["customers", "performance"],
  },
];

const COLUMNS = 7;

/** How many tiles a group puts side by side: all of them, or equally many in each of its rows. */
export const widthOf = (tiles: number): number => Math.ceil(tiles / Math.ceil(tiles / COLUMNS));

/** Every KPI the board asks for. */
export const ASKED: readonly string[] = GROUPS.flatMap(({ kpis }) => kpis);
