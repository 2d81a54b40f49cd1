import type { components, paths } from "../../contract/orders";
import type { Kind, StepOf } from "./kind";

type Order = components["schemas"]["OrderRow"];
type Step = StepOf<paths, "/orders/{order_id}">;

const STEPS: Readonly<Record<Order["state"], readonly Step[]>> = {
  opened: ["confirm", "change", "cancel"],
  confirmed: ["ready", "repromise", "change", "cancel"],
  ready: ["ship", "repromise", "change", "cancel"],
  shipped: ["deliver", "return"],
  delivered: ["return"],
  cancelled: [],
};

/** 订单: from the promise to the goods. */
export const orders: Kind<Order, Step> = {
  service: "orders",
  path: "/orders",
  item: "/orders/{order_id}",
  file: true,
  columns: ["title", "account_id", "owner", "quantity", "amount", "promised_on", "state"],
  titleOf: ({ title }) => title,
  steps: ({ state }) => STEPS[state],
  leadsTo: [{ kind: "complaints", known: ({ id, account_id }) => ({ order_id: id, account_id }) }],
};
