import { figure, said } from "../format/number";
import type { Figure } from "../live/explanation";
import { ageing as part } from "../live/parts";
import { answered, type Shown } from "../live/shown";
import { useSpeech } from "../page/speech";
import { Bar } from "./bar";
import { Opens } from "./opens";
import { Panel } from "./panel";

/** What is owed to us, by how long it has been due. */
export function AgeingPanel({ shown, open }: { shown: Shown; open: (figure: Figure) => void }) {
  const { lang, words } = useSpeech();
  const ages = answered(shown, part)?.answer.ages ?? [];
  const most = Math.max(1, ...ages.flatMap(({ amounts }) => amounts.map(({ value }) => value)));
  const owed = ages.some(({ amounts }) => amounts.some(({ value }) => value !== 0));
  return (
    <Panel part={part} kind="ageing" shown={shown} title={words.ageing} sources={["orders"]} note={words["ageing.note"]}>
      {owed ? (
        <ol class="ages">
          {ages.map(({ age, amounts }) => (
            <li key={age} data-age={age}>
              <span class="age">{words[`ageing.${age}`]}</span>
              <span class="age-amounts">
                {amounts.map(({ unit, value }) => {
                  const amount = figure(value, unit, lang);
                  return (
                    <span key={unit} class="measured" title={amount.full} data-value={value}>
                      <Bar share={value / most} kind={age === "not-due" ? "" : "late"} />
                      <Opens open={() => open({ name: "owed", label: words.ageing })}>{said(amount)}</Opens>
                    </span>
                  );
                })}
                {amounts.length === 0 && <span class="measured"><Bar share={0} />—</span>}
              </span>
            </li>
          ))}
        </ol>
      ) : (
        <p class="nothing">{words["none.owed"]}</p>
      )}
    </Panel>
  );
}
