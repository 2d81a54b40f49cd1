import type { components, paths } from "../../contract/orders";
import type { Kind, StepOf } from "./kind";

type Receivable = components["schemas"]["ReceivableRow"];
type Step = StepOf<paths, "/receivables/{receivable_id}">;

const STEPS: Readonly<Record<Receivable["state"], readonly Step[]>> = {
  owed: ["receipts", "credits", "write-off"],
  settled: ["credits", "refunds"],
  "written-off": ["receipts"],
};

/** 应收账款: an invoice until it is paid. */
export const receivables: Kind<Receivable, Step> = {
  service: "orders",
  path: "/receivables",
  item: "/receivables/{receivable_id}",
  file: true,
  columns: ["order_id", "account_id", "owner", "amount", "rest", "due_on", "overdue", "state"],
  titleOf: ({ order_id }) => order_id,
  steps: ({ state }) => STEPS[state],
  known: ({ rest, owed_back }) => ({ amount: rest.minor > 0 ? rest : owed_back }),
};
