import { useState } from "preact/hooks";

import { kindOf, type Row } from "../kinds";
import { methodOf, templateOf } from "../kinds/kind";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import { Filters } from "./filters";
import { ProblemOf } from "./problem";
import { To } from "./to";
import { type Command, useStep } from "./use-command";
import { useLoaded } from "./use-loaded";
import { Value } from "./value";

interface Page {
  items: readonly Row[];
  next: string | null;
}

const AT_ONCE = 50;

/** All things of a kind, narrowed down by what the service can be asked for, newest first. */
export function List({ start, changed }: { start: (command: Command) => Promise<void>; changed: number }) {
  const { ask, lang, place, words } = useDesk();
  const { kind } = place;
  const { view: _, ...where } = place.where; // how it is shown is no question to the service
  const it = kindOf(kind);
  const query = new URLSearchParams(where).toString();
  const [pages, setPages] = useState({ of: "", count: 1 });
  const count = pages.of === `${kind}?${query}` ? pages.count : 1;

  const { got, problem } = useLoaded(`${kind}?${query}#${count}`, async (signal): Promise<Page> => {
    if (it.listed) {
      const { data } = await ask<Record<string, Row[]>>(it.service, "get", it.listed.at, { signal });
      return { items: data[it.listed.as]!, next: null };
    }
    const rows: Row[] = [];
    let next: string | null = null;
    for (let page = 0; page < count; page += 1) {
      const asked = new URLSearchParams({ ...where, ...(it.file ? { limit: String(AT_ONCE) } : {}) });
      if (next) asked.set("cursor", next);
      const { data } = await ask<Page | Row[]>(it.service, "get", `${it.path}?${asked}`, { signal });
      if (Array.isArray(data)) return { items: data, next: null };
      rows.push(...(data as Page).items);
      next = (data as Page).next;
      if (next === null) break;
    }
    return { items: rows, next };
  }, changed);

  return (
    <section class="list panel" aria-busy={got === null && !problem} data-list={kind}>
      {!it.listed && <Filters />}
      {problem && <ProblemOf problem={problem} />}
      {got && got.items.length === 0 && <p class="nothing">{words.nothing}</p>}
      {got && got.items.length > 0 && (
        <table class="things">
          <thead>
            <tr>
              {it.columns.map((column) => (
                <th key={column} scope="col">
                  {named("field", column, lang)}
                </th>
              ))}
              {!it.file && <th class="unseen">{words.things}</th>}
            </tr>
          </thead>
          <tbody>
            {got.items.map((row) => (
              <tr key={row.id} data-id={row.id}>
                {it.columns.map((column, at) => (
                  <td key={column} data-name={named("field", column, lang)} data-column={column}>
                    {at === 0 && it.file ? (
                      <To kind={kind} id={row.id}>
                        <Head row={row} column={column} />
                      </To>
                    ) : (
                      <Value name={column} value={row[column]} />
                    )}
                  </td>
                ))}
                {!it.file && <RowSteps row={row} start={start} />}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {got?.next && (
        <button type="button" class="more" onClick={() => setPages({ of: `${kind}?${query}`, count: count + 1 })}>
          {words.more}
        </button>
      )}
    </section>
  );
}

/** The first column leads to the thing; a name that is another thing's is said, not linked. */
function Head({ row, column }: { row: Row; column: string }) {
  const { names } = useDesk();
  const value = row[column];
  if (column === "account_id" && typeof value === "string") return <>{names.of("accounts", value)}</>;
  return <>{typeof value === "string" ? value : row.id}</>;
}

/** What can be done with a thing that has no page of its own. */
function RowSteps({ row, start }: { row: Row; start: (command: Command) => Promise<void> }) {
  const { lang, may, place, tell, words } = useDesk();
  const stepOf = useStep(place.kind);
  const it = kindOf(place.kind);
  return (
    <td class="row-steps">
      {it
        .steps(row)
        .filter((step) => may(methodOf(step), templateOf(it, step)))
        .map((step) => (
          <button
            key={step}
            type="button"
            onClick={() => void start(stepOf(row, step, null, () => tell(words.done(named("step", step, lang)))))}
          >
            {named("step", step, lang)}
          </button>
        ))}
    </td>
  );
}
