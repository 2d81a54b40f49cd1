import type { components, paths } from "../../contract/coordination";
import type { Kind, StepOf } from "./kind";

type Handoff = components["schemas"]["HandoffRow"];
type Step = StepOf<paths, "/handoffs/{handoff_id}">;

const STEPS: Readonly<Record<Handoff["state"], readonly Step[]>> = {
  waiting: ["accept", "return", "cancel"],
  working: ["complete", "return", "cancel"],
  returned: ["resubmit", "cancel"],
  completed: [],
  cancelled: [],
};

/** 交接: what one department gives to another, with the time it may take. */
export const handoffs: Kind<Handoff, Step> = {
  service: "coordination",
  path: "/handoffs",
  item: "/handoffs/{handoff_id}",
  file: true,
  columns: ["title", "from_department", "to_department", "due_at", "breached", "state"],
  titleOf: ({ title }) => title,
  steps: ({ state }) => STEPS[state],
};
