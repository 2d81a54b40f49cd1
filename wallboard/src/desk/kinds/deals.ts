import type { components, paths } from "../../contract/customers";
import type { Kind, StepOf } from "./kind";

export type Deal = components["schemas"]["DealView"];
type Step = StepOf<paths, "/deals/{deal_id}">;

const STEPS: Readonly<Record<Deal["state"], readonly Step[]>> = {
  open: ["advance", "win", "lose", "reprice", "reschedule", "grade", "reassign"],
  won: ["reopen"],
  lost: ["reopen"],
};

/** 商机: what we hope to sell. */
export const deals: Kind<Deal, Step> = {
  service: "customers",
  path: "/deals",
  item: "/deals/{deal_id}",
  file: true,
  columns: ["title", "account_id", "owner", "grade", "stage", "amount", "expected_close", "state"],
  titleOf: ({ title }) => title,
  steps: ({ state }) => STEPS[state],
};
