import type { components, paths } from "../../contract/performance";
import type { Kind, StepOf } from "./kind";

type Person = components["schemas"]["PersonView"];
type Step = StepOf<paths, "/people/{person_id}">;

/** 人员: who sells, in which team. */
export const people: Kind<Person, Step> = {
  service: "performance",
  path: "/people",
  listed: { at: "/organisation", as: "people" },
  item: "/people/{person_id}",
  file: false,
  columns: ["name", "team_id", "post"],
  titleOf: ({ name }) => name,
  steps: ({ team_id }) => (team_id === null ? [] : ["move", "leave"]),
};
