import type { components, paths } from "../../contract/orders";
import type { Kind, StepOf } from "./kind";

type Product = components["schemas"]["ProductRow"];
type Step = StepOf<paths, "/products/{product_id}">;

/** 产品: what can be sold, for how much, and what one costs us. */
export const products: Kind<Product, Step> = {
  service: "orders",
  path: "/products",
  item: "/products/{product_id}",
  file: true,
  columns: ["name", "line", "list_price", "unit_cost"],
  titleOf: ({ name }) => name,
  steps: () => ["price", "cost"],
};
