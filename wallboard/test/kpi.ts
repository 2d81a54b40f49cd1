import type { Kpi } from "../src/live/answers";

/** A KPI as the service answers it, but for what the test is about. */
export const kpi = (about: Partial<Kpi> & { name: string }): Kpi => ({
  version: 1,
  label: about.name,
  unit: "count",
  currency: null,
  value: null,
  numerator: null,
  denominator: null,
  better: "more",
  stands: false,
  note: null,
  sources: [],
  ...about,
});
