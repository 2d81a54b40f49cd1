import type { components, paths } from "../../contract/performance";
import type { Kind, StepOf } from "./kind";

type Plan = components["schemas"]["PlanRow"];
type Step = Exclude<StepOf<paths, "/plans/{plan_id}">, "versions">;

/** 目标分解: what a company is to sell in a period, split down to people. */
export const plans: Kind<Plan, Step> = {
  service: "performance",
  path: "/plans",
  item: "/plans/{plan_id}",
  file: true,
  columns: ["title", "scope", "levels", "versions", "state"],
  titleOf: ({ id, title }) => title ?? id,
  steps: ({ state }) => (state === "standing" ? ["split", "withdraw"] : []),
  known: () => ({}),
};
