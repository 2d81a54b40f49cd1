/** Which figures stand together, and whose events they are made from. */

import type { Source } from "../live/freshness";

export interface Group {
  name:
    | "sales"
    | "wins"
    | "target"
    | "leads"
    | "customers"
    | "conversion"
    | "delivery"
    | "money"
    | "collection"
    | "service"
    | "voice"
    | "forecast";
  kpis: readonly string[];
  /** Teams and targets are the performance service's own. */
  sources: readonly Source[];
}

const OF_SALES: readonly Source[] = ["customers", "performance"];
const OF_ORDERS: readonly Source[] = ["orders", "performance"];

/** The company's: seven tiles fill a row of a wall. */
export const COMPANY: readonly Group[] = [
  {
    name: "sales",
    kpis: ["open_pipeline", "won_count", "won_amount", "win_rate", "cycle_median"],
    sources: OF_SALES,
  },
  { name: "target", kpis: ["attainment", "pipeline_coverage"], sources: OF_SALES },
  { name: "leads", kpis: ["leads", "qualified_rate", "lead_response_time"], sources: OF_SALES },
  { name: "customers", kpis: ["new_customers", "retention"], sources: ["customers", "orders", "performance"] },
  { name: "delivery", kpis: ["orders_shipped", "on_time_in_full"], sources: OF_ORDERS },
  { name: "money", kpis: ["revenue", "gross_margin", "receipts", "collection_rate"], sources: OF_ORDERS },
  {
    name: "service",
    kpis: ["complaints_open", "complaint_response_time", "nps"],
    sources: OF_SALES,
  },
];

export const SALES: readonly Group[] = [
  {
    name: "wins",
    kpis: ["won_amount", "won_count", "win_rate", "average_deal_size", "open_pipeline", "attainment"],
    sources: OF_SALES,
  },
];

export const FUNNEL: readonly Group[] = [
  { name: "leads", kpis: ["leads", "qualified_rate"], sources: OF_SALES },
  {
    name: "conversion",
    kpis: ["conversion_engaging", "conversion_proposing", "conversion_negotiating", "conversion_won", "cycle_median"],
    sources: OF_SALES,
  },
];

export const DELIVERY: readonly Group[] = [
  { name: "delivery", kpis: ["orders", "orders_shipped", "on_time_in_full", "slips"], sources: OF_ORDERS },
  { name: "money", kpis: ["revenue", "gross_margin"], sources: OF_ORDERS },
  {
    name: "collection",
    kpis: ["receipts", "collection_rate", "collection_rate_sales", "collection_rate_balance", "owed", "dso"],
    sources: OF_ORDERS,
  },
];

export const COMPLAINTS: readonly Group[] = [
  {
    name: "service",
    kpis: ["complaints_open", "complaints_per_100", "complaint_response_time", "complaint_resolution_time"],
    sources: ["customers", "orders", "performance"],
  },
  { name: "voice", kpis: ["csat", "nps"], sources: OF_SALES },
];

export const TARGETS: readonly Group[] = [
  {
    name: "target",
    kpis: ["target", "won_amount", "attainment", "attainment_floor", "attainment_stretch", "pipeline_coverage"],
    sources: OF_SALES,
  },
];

export const FORECAST: readonly Group[] = [
  {
    name: "forecast",
    kpis: ["weighted_forecast", "won_amount", "open_pipeline", "overdue_pipeline", "pipeline_coverage"],
    sources: OF_SALES,
  },
];

/** As many as a wall has room for. */
const COLUMNS = 7;

/** How many tiles stand side by side: all of them, or equally many in each row. */
export const widthOf = (tiles: number): number => Math.ceil(tiles / Math.ceil(tiles / COLUMNS));

export const figuresOf = (groups: readonly Group[]): readonly string[] => groups.flatMap(({ kpis }) => kpis);
