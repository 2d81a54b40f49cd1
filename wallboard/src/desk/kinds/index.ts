/** All kinds of things, in the order in which the desk names them. */

import { accounts } from "./accounts";
import { complaints } from "./complaints";
import { deals } from "./deals";
import { handoffs } from "./handoffs";
import type { Kind } from "./kind";
import { leads } from "./leads";
import { orders } from "./orders";
import { people } from "./people";
import { plans } from "./plans";
import { products } from "./products";
import { receivables } from "./receivables";
import { surveys } from "./surveys";
import { targets } from "./targets";
import { teams } from "./teams";

const known = { leads, accounts, deals, orders, receivables, complaints, surveys, handoffs, targets, plans, products, people, teams };

export type KindName = keyof typeof known;

/** What the services say of one thing; which fields it has is its kind's business. */
export type Row = Readonly<Record<string, unknown>> & { id: string };

export const KINDS = Object.keys(known) as readonly KindName[];

export const isKind = (name: string): name is KindName => name in known;

export const kindOf = (name: KindName): Kind<Row> => known[name] as unknown as Kind<Row>;

/** The thing whose stream this is, such as the deal 42 of `deal-42`; null for what has no page here. */
export function thingOf(stream: string): { kind: KindName; id: string } | null {
  const [category = ""] = stream.split("-", 1);
  const kind = `${category}s`;
  const id = stream.slice(category.length + 1);
  return isKind(kind) && id ? { kind, id } : null;
}
