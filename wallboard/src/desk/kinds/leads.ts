import type { components, paths } from "../../contract/customers";
import type { Kind, StepOf } from "./kind";

type Lead = components["schemas"]["LeadView"];
type Step = StepOf<paths, "/leads/{lead_id}">;

const STEPS: Readonly<Record<Lead["state"], readonly Step[]>> = {
  new: ["assign", "contact", "qualify", "disqualify", "release"],
  assigned: ["contact", "qualify", "assign", "disqualify", "release"],
  pool: ["claim", "assign", "disqualify"],
  qualified: ["convert", "contact", "assign", "disqualify"],
  disqualified: [],
  converted: [],
};

/** 线索: somebody may become a customer. */
export const leads: Kind<Lead, Step> = {
  service: "customers",
  path: "/leads",
  item: "/leads/{lead_id}",
  file: true,
  columns: ["company", "source", "region", "owner", "state", "created_at"],
  titleOf: ({ company }) => company,
  steps: ({ state }) => STEPS[state],
};
