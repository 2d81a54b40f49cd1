/** What the person's post may do, as the services' table of permissions says. */

import type { components } from "../contract/performance";
import type { Ask } from "./ask";
import type { Method } from "./contract/documents";

type Permissions = components["schemas"]["Permissions"];

/** Whether to offer an operation, its path as the contract writes it; the services decide when it is asked for. */
export type May = (method: Method, template: string) => boolean;

/** Before the table is known everything is offered: whatever is refused then is said. */
export const everything: May = () => true;

export async function learnt(ask: Ask): Promise<May> {
  const { data } = await ask<Permissions>("performance", "get", "/permissions");
  const allowed = new Set(data.allowed);
  return (method, template) => allowed.has(`${method.toUpperCase()} ${template}`);
}
