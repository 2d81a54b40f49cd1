/** Which fields name another thing, and which thing that is. */

/** What is chosen by its name among those that are there. */
export type Chosen = "people" | "teams" | "accounts";
/** What is free text, with what is there already as suggestions. */
export type Suggested = "products" | "lines" | "regions" | "departments";
export type Reference = Chosen | Suggested;

const REFERENCES: Readonly<Record<string, Reference>> = {
  owner: "people",
  assignee: "people",
  to: "people",
  by: "people",
  person: "people",
  person_id: "people",
  team: "teams",
  team_id: "teams",
  account: "accounts",
  account_id: "accounts",
  into: "accounts",
  product: "products",
  line: "lines",
  region: "regions",
  department: "departments",
  from_department: "departments",
  to_department: "departments",
};

/** What a part of a plan is named by, as it is split by people, teams and so on. */
export const KEYED_BY: Readonly<Record<string, Reference>> = {
  person: "people",
  team: "teams",
  department: "departments",
  line: "lines",
  region: "regions",
};

const CHOSEN: readonly Reference[] = ["people", "teams", "accounts"];

export const referenceOf = (field: string): Reference | null => REFERENCES[field] ?? null;

export const isChosen = (reference: Reference): reference is Chosen => CHOSEN.includes(reference);
