import type { components, paths } from "../../contract/customers";
import type { Kind, StepOf } from "./kind";

type Account = components["schemas"]["AccountView"];
type Step = StepOf<paths, "/accounts/{account_id}">;

const about = ({ id, owner }: Account): Record<string, unknown> => ({ account_id: id, owner });

/** 客户档案: a company that is ours to look after. */
export const accounts: Kind<Account, Step> = {
  service: "customers",
  path: "/accounts",
  item: "/accounts/{account_id}",
  file: true,
  columns: ["name", "industry", "region", "department", "owner", "counts", "changed_at"],
  titleOf: ({ name }) => name,
  steps: ({ merged_into, department, shared_with }) => {
    if (merged_into !== null) return [];
    const steps: Step[] = ["contacts", "profile", "merge"];
    if (department !== null) steps.push("share");
    if (shared_with.length) steps.push("unshare");
    return steps;
  },
  leadsTo: [
    { kind: "deals", known: about },
    { kind: "complaints", known: about },
    { kind: "surveys", known: about },
  ],
};
