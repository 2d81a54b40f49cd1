import type { Row } from "../kinds";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import type { Happened } from "./history";
import type { Moment } from "./moments";
import { Value } from "./value";

type Rows = readonly Readonly<Record<string, unknown>>[];

interface Sorted {
  facts: readonly (readonly [string, unknown])[];
  tables: readonly (readonly [string, Rows])[];
  history: readonly Happened[] | null;
  moments: readonly Moment[] | null;
}

/** What a service says of a thing, by how it is shown. */
export function sorted(row: Row): Sorted {
  const facts: [string, unknown][] = [];
  const tables: [string, Rows][] = [];
  let history: readonly Happened[] | null = null;
  let moments: readonly Moment[] | null = null;
  for (const [name, value] of Object.entries(row)) {
    if (name === "id" || name === "state" || name === "tree" || value === null) continue;
    if (!areRows(value)) {
      if (name === "purchases") tables.push([name, (value as { items: Rows }).items]);
      else facts.push([name, value]);
    } else if (value.length && "revision" in value[0]! && "data" in value[0]) history = value as unknown as Happened[];
    else if (value.length && "since" in value[0]! && "kind" in value[0]) moments = value as unknown as Moment[];
    else if (value.length) tables.push([name, value]);
  }
  return { facts, tables: tables.filter(([, rows]) => rows.length), history, moments };
}

/** Lists of things, not of names; an empty list is one, too, so that nothing is said of it. */
const areRows = (value: unknown): value is Rows =>
  Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null);

/** Said once above the table already, or of no use to people. */
const NOT_SHOWN = new Set(["id", "account_id", "revision", "contact_id", "return_id"]);

/** A list of things that belong to one, such as an order's promises. */
export function Table({ name, rows }: { name: string; rows: Rows }) {
  const { lang } = useDesk();
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !NOT_SHOWN.has(column));
  return (
    <section class="rows">
      <h3>{named("field", name, lang)}</h3>
      <table class="things">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {named("field", column, lang)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map((column) => (
                <td key={column} data-name={named("field", column, lang)}>
                  <Value name={meaning(row, column)} value={row[column]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** In a list of changes, what a value means is told by the field that changed. */
const meaning = (row: Readonly<Record<string, unknown>>, column: string): string =>
  (column === "previous" || column === "now") && typeof row.field === "string" ? row.field : column;
