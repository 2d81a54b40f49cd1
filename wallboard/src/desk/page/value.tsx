import type { components } from "../../contract/performance";
import { plain } from "../../format/number";
import { moment, span } from "../../format/time";
import type { Lang } from "../../words/words";
import { type Amount, inWords, isAmount } from "../amount";
import { LEVELS } from "../contract/fields";
import { isChosen, referenceOf } from "../contract/references";
import { type KindName, thingOf } from "../kinds";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import { To } from "./to";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Fields that name another thing of the desk. */
const THINGS: Readonly<Record<string, KindName>> = {
  deal_id: "deals",
  lead_id: "leads",
  order_id: "orders",
  account_id: "accounts",
  merged_into: "accounts",
};

/** A field's value as people say it: names for ids, words for states, money with its currency. */
export function Value({ name, value }: { name: string; value: unknown }) {
  const { lang, names, words } = useDesk();
  if (value === null || value === undefined || value === "") return <span class="none">–</span>;
  if (typeof value === "boolean") return <span data-yes={value}>{value ? words.yes : words.no}</span>;
  if (typeof value === "number") {
    return <>{name.endsWith("_seconds") ? span(value, lang) : plain(value, lang)}</>;
  }
  if (isAmount(value)) return <Money amount={value} lang={lang} />;
  if (name === "scope") return <Scope scope={value as Scope} />;
  if (name === "levels") return <Levels levels={value as Levels} />;
  if (typeof value === "object") return <Several name={name} value={value} />;

  const text = String(value);
  const thing = THINGS[name];
  if (thing) {
    return <To kind={thing} id={text}>{thing === "accounts" ? names.of("accounts", text) : text}</To>;
  }
  const about = name === "subject" ? thingOf(text) : null;
  if (about) return <To {...about}>{text}</To>;
  const reference = referenceOf(name === "actor" ? "owner" : name);
  if (reference && isChosen(reference)) return <>{names.of(reference, text)}</>;
  if (MOMENT.test(text)) return <Moment at={text} />;
  if (name === "state") return <State state={text} />;
  if (name.endsWith("department")) return <>{named("department", text, lang)}</>;
  return <>{VALUES.has(name) ? named("value", text, lang) : text}</>;
}

/** Fields whose values are words of the contract, not of people. */
const VALUES = new Set([
  "stage", "grade", "severity", "kind", "about", "field",
]);

export function State({ state }: { state: string }) {
  const { lang } = useDesk();
  return (
    <span class="state-of" data-state={state}>
      {named("value", state, lang)}
    </span>
  );
}

export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {moment(Date.parse(at), Date.now())}
    </time>
  );
}

export function Money({ amount, lang }: { amount: Amount; lang: Lang }) {
  return <span class="money">{inWords(amount, lang)}</span>;
}

type Scope = components["schemas"]["Scope"];
type Levels = components["schemas"]["Levels"];

/** Whose time a part of a plan is: 2026-01-01 – 2027-01-01 · 华东一组. */
function Scope({ scope: { start, end, kind: _, ...of } }: { scope: Scope }) {
  const whose = Object.entries(of).filter(([, value]) => value !== null);
  return (
    <span class="one-of">
      {start} – {end}
      {whose.map(([name, value]) => (
        <>
          {" "}
          · <Value key={name} name={name} value={value} />
        </>
      ))}
    </span>
  );
}

function Levels({ levels: { currency = "", ...levels } }: { levels: Levels }) {
  const { lang } = useDesk();
  return (
    <span>
      {LEVELS.map((level) => (
        <span key={level} class="one-of">
          {named("field", level, lang)} {inWords({ minor: levels[level], currency }, lang)}
        </span>
      ))}
    </span>
  );
}

/** A few figures side by side, such as how many deals and orders a customer has, or seconds by department. */
function Several({ name, value }: { name: string; value: object }) {
  const { lang } = useDesk();
  if (Array.isArray(value)) {
    return (
      <span>
        {value.length === 0 ? <span class="none">–</span> : value.map((each, at) => (
          <span key={at} class="one-of">
            <Value name={name === "merged" ? "merged_into" : name} value={each} />
          </span>
        ))}
      </span>
    );
  }
  const entries = Object.entries(value);
  if (!entries.length) return <span class="none">–</span>;
  return (
    <span>
      {entries.map(([key, each]) => (
        <span key={key} class="one-of">
          {named(name.endsWith("_seconds") ? "department" : "field", key, lang)} <Value name={name} value={each} />
        </span>
      ))}
    </span>
  );
}
