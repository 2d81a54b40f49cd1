/** What people, teams and customers are called, learnt from the services as their ids come up. */

import type { Ask } from "./ask";
import type { Chosen, Reference } from "./contract/references";

export interface Named {
  id: string;
  name: string;
  /** What tells two of one name apart, such as a team or a region. */
  beside: string;
}

interface Organisation {
  teams: { id: string; name: string; department: string; region: string | null }[];
  people: { id: string; name: string; team_id: string | null; post: string }[];
  lines: string[];
  products: string[];
}

interface Accounts {
  items: { id: string; name: string; region: string | null; industry: string | null }[];
}

/** So many ids are asked for at once. */
const AT_ONCE = 100;

export class Names {
  readonly #ask: Ask;
  readonly #learnt: () => void;
  #organisation: Organisation = { teams: [], people: [], lines: [], products: [] };
  /** By kind and id: asked for every cell of every list. */
  #named = new Map<string, string>();
  readonly #accounts = new Map<string, Named>();
  #wanted = new Set<string>();
  readonly #unknown = new Set<string>();

  /** `learnt` is called whenever more is known than before. */
  constructor(ask: Ask, learnt: () => void) {
    this.#ask = ask;
    this.#learnt = learnt;
  }

  async learnOrganisation(): Promise<void> {
    this.#organisation = (await this.#ask<Organisation>("performance", "get", "/organisation")).data;
    const { people, teams } = this.#organisation;
    this.#named = new Map([
      ...people.map(({ id, name }): [string, string] => [`people ${id}`, name]),
      ...teams.map(({ id, name }): [string, string] => [`teams ${id}`, name]),
    ]);
    this.#learnt();
  }

  /** The name, or the id where there is none (yet). */
  of(kind: Chosen, id: string): string {
    if (kind !== "accounts") return this.#named.get(`${kind} ${id}`) ?? id;
    const known = this.#accounts.get(id);
    if (!known && !this.#unknown.has(id)) this.#want(id);
    return known?.name ?? id;
  }

  /** Everybody there is; of customers, those that came up here. */
  all(reference: Reference): readonly Named[] {
    const { people, teams, lines, products } = this.#organisation;
    switch (reference) {
      case "people":
        return people.map(({ id, name, team_id }) => ({ id, name, beside: team_id ? this.of("teams", team_id) : "" }));
      case "teams":
        return teams.map(({ id, name, region }) => ({ id, name, beside: region ?? "" }));
      case "accounts":
        return [...this.#accounts.values()];
      case "lines":
        return lines.map(plain);
      case "products":
        return products.map(plain);
      case "regions":
        return [...new Set(teams.flatMap(({ region }) => region ?? []))].map(plain);
      case "departments":
        return [...new Set([...DEPARTMENTS, ...teams.map(({ department }) => department)])].map(plain);
    }
  }

  /** Customers with this in their name. */
  async search(text: string): Promise<void> {
    const query = new URLSearchParams({ q: text, limit: "20" });
    this.#keep((await this.#ask<Accounts>("customers", "get", `/accounts?${query}`)).data);
  }

  /** Ids that come up together are asked for together. */
  #want(id: string): void {
    this.#wanted.add(id);
    if (this.#wanted.size === 1) queueMicrotask(() => void this.#fetch());
  }

  async #fetch(): Promise<void> {
    const ids = [...this.#wanted];
    this.#wanted = new Set();
    for (const id of ids) this.#unknown.add(id);
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const query = new URLSearchParams(ids.slice(at, at + AT_ONCE).map((id) => ["ids", id]));
      const answer = await this.#ask<Accounts>("customers", "get", `/accounts?${query}`).catch(() => null);
      if (answer) this.#keep(answer.data);
      else for (const id of ids) this.#unknown.delete(id); // it was not asked: the next time it comes up
    }
  }

  #keep({ items }: Accounts): void {
    for (const { id, name, region, industry } of items) {
      this.#accounts.set(id, { id, name, beside: [region, industry].filter(Boolean).join(" · ") });
    }
    if (items.length) this.#learnt();
  }
}

/** Departments that hand things over whether or not they have teams. */
const DEPARTMENTS = ["marketing", "sales", "finance", "production", "logistics", "service"];

const plain = (name: string): Named => ({ id: name, name, beside: "" });
