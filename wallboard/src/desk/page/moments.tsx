import { thingOf } from "../kinds";
import { named } from "../../words/names";
import type { Amount } from "../amount";
import { useDesk } from "./desk";
import { To } from "./to";
import { Moment as At, Money, State } from "./value";

/** A lead, deal, order or complaint of a customer as it stands, at the time of its last change. */
export interface Moment {
  at: string;
  since: string;
  kind: "lead" | "deal" | "order" | "complaint";
  id: string;
  title: string;
  state: string;
  amount: Amount | null;
}

/** The customer's timeline, newest first. */
export function Moments({ moments }: { moments: readonly Moment[] }) {
  const { lang } = useDesk();
  return (
    <section class="history moments">
      <h3>{named("field", "timeline", lang)}</h3>
      <ol>
        {moments.map(({ at, kind, id, title, state, amount }) => (
          <li key={`${kind} ${id}`} data-moment={kind}>
            <strong>
              <To {...thingOf(`${kind}-${id}`)!}>
                {title}
              </To>
            </strong>
            <span class="who">
              <At at={at} /> · {named("value", kind, lang)} <State state={state} />{" "}
              {amount && <Money amount={amount} lang={lang} />}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
