import type { components } from "../../contract/performance";
import { type Kind, WHOLE } from "./kind";

type Team = components["schemas"]["TeamView"];

/** 团队: whose results are counted together. */
export const teams: Kind<Team, typeof WHOLE> = {
  service: "performance",
  path: "/teams",
  listed: { at: "/organisation", as: "teams" },
  item: "/teams/{team_id}",
  file: false,
  columns: ["name", "department", "region"],
  titleOf: ({ name }) => name,
  steps: () => [WHOLE],
};
