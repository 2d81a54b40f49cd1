import type { components, paths } from "../../contract/performance";
import type { Kind, StepOf } from "./kind";

type Target = components["schemas"]["TargetView"];
type Step = StepOf<paths, "/targets/{target_id}">;

/** 目标: what a person is to sell in a time. */
export const targets: Kind<Target, Step> = {
  service: "performance",
  path: "/targets",
  item: "/targets/{target_id}",
  file: false,
  columns: ["person_id", "start", "end", "line", "amount"],
  titleOf: ({ person_id }) => person_id,
  steps: () => ["withdraw"],
};
