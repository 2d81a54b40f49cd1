import { type KindName, kindOf, type Row } from "../kinds";
import { methodOf, pathOf, templateOf } from "../kinds/kind";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import { History } from "./history";
import { Moments } from "./moments";
import { New } from "./new";
import { ProblemOf } from "./problem";
import { sorted, Table } from "./rows";
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
  const { ask, lang, may, tell, words } = useDesk();
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
          {it.steps(row).filter((name) => may(methodOf(name), templateOf(it, name))).map((name, at) => (
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
