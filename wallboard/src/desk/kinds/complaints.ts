import type { components, paths } from "../../contract/customers";
import type { Kind, StepOf } from "./kind";

type Complaint = components["schemas"]["ComplaintView"];
type Step = StepOf<paths, "/complaints/{complaint_id}">;

/** 投诉: until the customer agrees that it is put right. */
export const complaints: Kind<Complaint, Step> = {
  service: "customers",
  path: "/complaints",
  item: "/complaints/{complaint_id}",
  file: true,
  columns: ["subject", "account_id", "severity", "assignee", "filed_at", "state"],
  titleOf: ({ subject }) => subject,
  steps: stepsOf,
};

function stepsOf({ state, acknowledged_at }: Complaint): readonly Step[] {
  switch (state) {
    case "open":
      return acknowledged_at === null
        ? ["acknowledge", "assign", "hold", "resolve"]
        : ["resolve", "assign", "hold"];
    case "held":
      return ["resume", "assign", "resolve"];
    case "resolved":
      return ["close", "reopen"];
    case "closed":
      return ["reopen"];
  }
}
