import { type KindName, kindOf, type Row } from "../kinds";
import { pathOf } from "../kinds/kind";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import { type Happened, History } from "./history";
import { Moments, type Moment } from "./moments";
import { ProblemOf } from "./problem";
import { To } from "./to";
import { type Node, Tree } from "./tree";
import { type Command, useStep } from "./use-command";
import { useLoaded } from "./use-loaded";
import { State, Value } from "./value";

interface Props {
  kind: KindName;
  id: string;
  start: (command: Command) => Promise<void>;
}

/** One thing: how it stands, what can be done with it, and everything that happened to it. */
export function File({ kind, id, start }: Props) {
  const { ask, lang, tell, words } = useDesk();
  const it = kindOf(kind);
  const stepOf = useStep(kind);
  const { got, problem, reload } = useLoaded(`${kind}/${id}`, (signal) =>
    ask<Row>(it.service, "get", pathOf(it, id), { signal }),
  );

  if (!got) {
    return (
      <section class="file panel" aria-busy={!problem}>
        <Back kind={kind} />
        {problem ? <ProblemOf problem={problem} /> : <p class="nothing">{words.loading}…</p>}
      </section>
    );
  }
  const { data: row, etag } = got;
  const step = (name: string, known?: Readonly<Record<string, unknown>>): void => {
    const done = (): void => {
      tell(words.done(named("step", name, lang)));
      void reload();
    };
    const command = { ...stepOf(row, name, etag, done), stale: () => void reload() };
    void start(known ? { ...command, known } : command);
  };
  const { facts, tables, history, moments } = sorted(row);
  const title = it.titleOf(row);

  return (
    <section class="file panel" data-file={`${kind}/${id}`}>
      <Back kind={kind} />
      <header class="file-head">
        <h2>{title}</h2>
        {typeof row.state === "string" && <State state={row.state} />}
        <div class="steps">
          {it.steps(row).map((name, at) => (
            <button key={name} type="button" class={at === 0 ? "main" : ""} data-step={name} onClick={() => step(name)}>
              {named("step", name, lang)}
            </button>
          ))}
        </div>
      </header>
      {problem && <ProblemOf problem={problem} />}
      <dl class="facts">
        {facts.filter(([, value]) => value !== title).map(([name, value]) => (
          <div key={name} data-fact={name}>
            <dt>{named("field", name, lang)}</dt>
            <dd>
              <Value name={name} value={value} />
            </dd>
          </div>
        ))}
      </dl>
      {it.leadsTo && (
        <p class="leads-to">
          {words.leadsTo}:
          {it.leadsTo.map((next) => (
            <New key={next.kind} kind={next.kind as KindName} known={next.known(row)} start={start} />
          ))}
        </p>
      )}
      {"tree" in row && <Tree node={row.tree as Node} split={(node) => step("split", { node })} />}
      {tables.map(([name, rows]) => (
        <Table key={name} name={name} rows={rows} />
      ))}
      {moments && <Moments moments={moments} />}
      {history && <History history={history} />}
    </section>
  );
}

function Back({ kind }: { kind: KindName }) {
  const { lang } = useDesk();
  return (
    <p class="back">
      <To kind={kind}>
        <span aria-hidden="true">← </span>
        {named("kind", kind, lang)}
      </To>
    </p>
  );
}

interface NewProps {
  kind: KindName;
  known?: Readonly<Record<string, unknown>>;
  main?: boolean;
  start: (command: Command) => Promise<void>;
}

/** Makes a new thing, and shows it. */
export function New({ kind, known = {}, main = false, start }: NewProps) {
  const { lang, place, go, tell, words } = useDesk();
  const title = words.add(named("one", kind, lang));
  const { path, file } = kindOf(kind);
  const made = (id: string | null): void => {
    tell(words.done(title));
    go({ kind, id: file ? id : null, where: file ? {} : { ...place.where } });
  };
  const command: Command = { title, kind, method: "post", template: path, path, known, etag: null, done: made };
  return (
    <button type="button" class={main ? "main" : ""} data-new={kind} onClick={() => void start(command)}>
      <span aria-hidden="true">＋ </span>
      {title}
    </button>
  );
}

type Rows = readonly Readonly<Record<string, unknown>>[];

interface Sorted {
  facts: readonly (readonly [string, unknown])[];
  tables: readonly (readonly [string, Rows])[];
  history: readonly Happened[] | null;
  moments: readonly Moment[] | null;
}

/** What a service says of a thing, by how it is shown. */
function sorted(row: Row): Sorted {
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

function Table({ name, rows }: { name: string; rows: Rows }) {
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
