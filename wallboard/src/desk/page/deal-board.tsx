import { useState } from "preact/hooks";

import type { components } from "../../contract/customers";
import { plain } from "../../format/number";
import { inWords } from "../amount";
import type { Deal } from "../kinds/deals";
import type { Row } from "../kinds";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import { Filters } from "./filters";
import { ProblemOf } from "./problem";
import { To } from "./to";
import { type Command, useStep } from "./use-command";
import { useDrag } from "./use-drag";
import { useLoaded } from "./use-loaded";
import { Moment } from "./value";

const STAGES: readonly Deal["stage"][] = ["prospecting", "engaging", "proposing", "negotiating"];
const ENDS = ["won", "lost"] as const;
type Column = Deal["stage"] | (typeof ENDS)[number];
const COLUMNS: readonly Column[] = [...STAGES, ...ENDS];

type Listed = components["schemas"]["Listed_DealView_"];

/** So many cards of a column are shown; the list has them all. */
const CARDS = 50;

interface Props {
  start: (command: Command) => Promise<void>;
  changed: number;
}

/** The deals by stage: a card dragged to another column is moved there; dragged to the end, it is won or lost. */
export function DealBoard({ start, changed }: Props) {
  const { ask, lang, may, place, tell, words } = useDesk();
  const where = Object.fromEntries(Object.entries(place.where).filter(([name]) => name === "owner" || name === "account"));
  const stepOf = useStep("deals");
  const [moved, setMoved] = useState<ReadonlyMap<string, Moved>>(new Map());

  const { got, problem } = useLoaded(JSON.stringify(where), async (signal) =>
    new Map(
      await Promise.all(
        COLUMNS.map(async (column): Promise<[Column, Listed]> => {
          const state = isEnd(column) ? { state: column, limit: "10" } : { state: "open", stage: column, limit: String(CARDS) };
          const query = new URLSearchParams({ ...where, ...state });
          return [column, (await ask<Listed>("customers", "get", `/deals?${query}`, { signal })).data];
        }),
      ),
    ),
    changed,
  );

  const move = (deal: Deal, to: Column): void => {
    if (to === columnOf(deal) || !may("post", "/deals/{deal_id}/advance")) return;
    const row = deal as unknown as Row;
    // A closed deal is opened again where it stood, wherever it is dropped.
    const there = deal.state === "open" ? to : deal.stage;
    const done = (): void => {
      setMoved((before) => new Map(before).set(deal.id, { to: there, from: deal.changed_at }));
      tell(words.moved(deal.title, named("value", there, lang)));
    };
    if (deal.state !== "open") void start(stepOf(row, "reopen", null, done));
    else if (to === "won") void start(stepOf(row, "win", null, done));
    else if (to === "lost") void start(stepOf(row, "lose", null, done));
    else void start({ ...stepOf(row, "advance", null, done), body: { stage: to } });
  };
  const drag = useDrag<Deal>((deal, column) => move(deal, column as Column));

  const shown = got && rearranged(got, moved);
  return (
    <section class="deal-board" aria-busy={got === null && !problem}>
      <Filters but={["stage", "state"]} />
      <p class="note">{words.drag}</p>
      {problem && <ProblemOf problem={problem} />}
      {shown && (
        <div class="columns">
          {COLUMNS.map((column) => {
            const { deals, more } = shown.get(column)!;
            return (
              <section
                key={column}
                class="column"
                data-column={column}
                data-over={drag.over === column}
                aria-label={named("value", column, lang)}
              >
                <h3>
                  {named("value", column, lang)} <span class="note">{isEnd(column) ? "" : `${plain(deals.length, lang)}${more ? "+" : ""}`}</span>
                </h3>
                <p class="note">{sums(deals, lang)}</p>
                <ul>
                  {deals.map((deal) => (
                    <Card key={deal.id} deal={deal} drag={drag} move={move} />
                  ))}
                </ul>
                {more && (
                  <To kind="deals" where={{ ...where, view: "list", ...(isEnd(column) ? { state: column } : { stage: column }) }}>
                    {words.more}
                  </To>
                )}
              </section>
            );
          })}
        </div>
      )}
    </section>
  );
}

interface CardProps {
  deal: Deal;
  drag: ReturnType<typeof useDrag<Deal>>;
  move: (deal: Deal, to: Column) => void;
}

function Card({ deal, drag, move }: CardProps) {
  const { lang, names } = useDesk();
  const at = COLUMNS.indexOf(columnOf(deal));
  return (
    <li
      class="card"
      data-deal={deal.id}
      data-dragged={drag.dragged?.id === deal.id}
      style={drag.dragged?.id === deal.id ? { transform: `translate(${drag.by.x}px, ${drag.by.y}px)` } : {}}
      {...drag.handlers(deal)}
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
        event.preventDefault();
        const to = COLUMNS[at + (event.key === "ArrowRight" ? 1 : -1)];
        if (to) move(deal, to);
      }}
    >
      <To kind="deals" id={deal.id}>
        {deal.title}
      </To>
      <span class="money">{inWords(deal.amount, lang)}</span>
      <span class="note">
        {deal.account_id ? `${names.of("accounts", deal.account_id)} · ` : ""}
        {names.of("people", deal.owner)}
      </span>
      <span class="note">
        {named("field", "grade", lang)} {deal.grade}
        {deal.closed_at ? (
          <>
            {" "}
            · <Moment at={deal.closed_at} />
          </>
        ) : (
          deal.expected_close && ` · ${deal.expected_close}`
        )}
      </span>
    </li>
  );
}

const isEnd = (column: Column): column is (typeof ENDS)[number] => (ENDS as readonly string[]).includes(column);
const columnOf = ({ state, stage }: Deal): Column => (state === "open" ? stage : state);

interface Cards {
  deals: readonly Deal[];
  more: boolean;
}

interface Moved {
  to: Column;
  /** When the deal had changed last before it was moved here: what changed since then is newer. */
  from: string;
}

/** The answer, with what was just moved where it was moved to until the list has followed. */
export function rearranged(
  got: ReadonlyMap<Column, Pick<Listed, "items" | "next">>,
  moved: ReadonlyMap<string, Moved>,
): ReadonlyMap<Column, Cards> {
  const placeOf = (deal: Deal): Column => {
    const move = moved.get(deal.id);
    return move?.from === deal.changed_at ? move.to : columnOf(deal);
  };
  const all = [...got.values()].flatMap(({ items }) => items);
  return new Map(
    COLUMNS.map((column) => {
      const come = all.filter((deal) => columnOf(deal) !== column && placeOf(deal) === column);
      const { items, next } = got.get(column)!;
      const stay = items.filter((deal) => placeOf(deal) === column);
      return [column, { deals: [...come, ...stay], more: next !== null }];
    }),
  );
}

/** What the shown ones are worth, by currency. */
function sums(deals: readonly Deal[], lang: "zh" | "en"): string {
  const minor = new Map<string, number>();
  for (const { amount } of deals) minor.set(amount.currency, (minor.get(amount.currency) ?? 0) + amount.minor);
  return [...minor].map(([currency, sum]) => inWords({ minor: sum, currency }, lang)).join(" · ");
}
