import { named } from "../../words/names";
import { useDesk } from "./desk";
import { Moment, Value } from "./value";

/** One event of a thing, with who asked for it. */
export interface Happened {
  type: string;
  revision: number;
  occurred_at: string;
  recorded_at: string;
  actor: string;
  role: string;
  data: Readonly<Record<string, unknown>>;
}

/** Everything that happened to it, newest first; the services keep it the other way round. */
export function History({ history }: { history: readonly Happened[] }) {
  const { lang, names, words } = useDesk();
  return (
    <section class="history">
      <h3>{words.history}</h3>
      <ol>
        {history.toReversed().map((happened) => (
          <li key={happened.revision} data-event={happened.type}>
            <strong>{named("event", happened.type, lang)}</strong>
            <span class="who">
              <Moment at={happened.occurred_at} /> ·{" "}
              {words.by(names.of("people", happened.actor), named("role", happened.role, lang))}
              {late(happened) && (
                <>
                  {" "}
                  · {words.recorded("")}
                  <Moment at={happened.recorded_at} />
                </>
              )}
            </span>
            <dl class="said">
              {saidBy(happened).map(([name, value], _, all) => (
                  <div key={name}>
                    <dt>{named("field", name, lang)}</dt>
                    <dd>
                      <Value name={name === "previous" ? all[0]![0] : name} value={value} />
                    </dd>
                  </div>
                ))}
            </dl>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What the event tells beside the ids of things; what changed comes first, `previous` is what it was. */
const saidBy = ({ data }: Happened): [string, unknown][] =>
  Object.entries(data).filter(([name, value]) => !name.endsWith("_id") && value !== null);

/** It was recorded more than a minute after it happened. */
const late = ({ occurred_at, recorded_at }: Happened): boolean =>
  Date.parse(recorded_at) - Date.parse(occurred_at) > 60_000;
