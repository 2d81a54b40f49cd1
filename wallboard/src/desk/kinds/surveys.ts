import type { components, paths } from "../../contract/customers";
import type { Kind, StepOf } from "./kind";

type Survey = components["schemas"]["SurveyView"];
type Step = StepOf<paths, "/surveys/{survey_id}">;

/** 满意度调查: what a customer was asked, and said. */
export const surveys: Kind<Survey, Step> = {
  service: "customers",
  path: "/surveys",
  item: "/surveys/{survey_id}",
  file: true,
  columns: ["account_id", "kind", "about", "score", "sent_at", "state"],
  titleOf: ({ kind }) => kind.toUpperCase(),
  steps: () => ["answer"],
};
