import { useEffect, useRef, useState } from "preact/hooks";

import { figure, isCurrency, plain } from "../format/number";
import { businessDay, timeOfDay } from "../format/time";
import type { Kpi } from "../live/answers";
import type { Fetch } from "../live/api";
import { save } from "../live/download";
import { type Explanation as Explained, type Figure, pinned, termsOf } from "../live/explanation";
import { rangeOf } from "../select/period";
import { asked, momentOf, type Selection } from "../select/selection";
import type { Lang } from "../words/words";
import { Contributions } from "./contributions";
import { SelectField } from "./field";
import { useSpeech } from "./speech";
import { Value } from "../panels/tile";
import { useExplanation } from "./use-explanation";

interface Props {
  asked: Figure;
  selection: Selection;
  fetched: Fetch;
  close: () => void;
}

/** What a number means and what it is made of; the browser's own dialog keeps the focus and closes with Esc. */
export function Explanation({ asked: what, selection, fetched, close }: Props) {
  const { lang, words } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  const [part, choosePart] = useState("");
  const query = useQuestion(what, selection, part, lang);
  const { explanation, busy, problem, more } = useExplanation(fetched, query);

  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog
      ref={dialog}
      class="explanation"
      aria-labelledby="explanation-heading"
      aria-busy={busy}
      data-explains={what.name}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="explanation-body">
        <div class="panel-head">
          <h2 id="explanation-heading">{what.label}</h2>
          <span class="note">
            {explanation ? words.asOf(timeOfDay(Date.parse(explanation.as_of))) : `${words.loading}…`}
          </span>
          <button type="button" class="close" aria-label={words["explain.close"]} onClick={close}>
            ✕
          </button>
        </div>
        {problem && (
          <p class="problem" role="alert">
            <span aria-hidden="true">⚠ </span>
            {words["explain.failed"]}: {problem}
          </p>
        )}
        {explanation && (
          <>
            {explanation.values.map((each) => (
              <Quotient key={each.currency} kpi={each} />
            ))}
            <Meaning explanation={explanation} />
            <PartOf explanation={explanation} choose={choosePart} />
            <Contributions
              items={explanation.items}
              part={explanation.parts.find(({ name }) => name === explanation.part)}
            />
            <p class="explanation-foot">
              {explanation.next !== null && (
                <button type="button" class="next" disabled={busy} onClick={more}>
                  {words["explain.next"]}
                </button>
              )}
              <Csv query={pinned(query, explanation)} fetched={fetched} />
            </p>
          </>
        )}
      </div>
    </dialog>
  );
}

/** What is asked stays the same while it is read, though the board's days may move on at midnight. */
function useQuestion(what: Figure, selection: Selection, part: string, lang: Lang): URLSearchParams {
  const [range] = useState(() => rangeOf(selection.period, businessDay(momentOf(selection, Date.now()))));
  const query = asked(what.days ?? range, { ...selection, ...what.of, asOf: what.asOf ?? selection.asOf });
  query.set("kpi", what.name);
  query.set("lang", lang);
  if (part) query.set("part", part);
  return query;
}

function Quotient({ kpi }: { kpi: Kpi }) {
  const { lang, words } = useSpeech();
  const unit = isCurrency(kpi.currency ?? "") ? kpi.currency! : "count";
  const parts = [
    [words["explain.numerator"], kpi.numerator],
    [words["explain.denominator"], kpi.denominator],
  ] as const;
  const told = kpi.denominator === null ? [] : parts;
  return (
    <div class="quotient">
      <Value kpi={kpi} />
      <dl>
        {told.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{figure(value, unit, lang).full}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  );
}

/** As the page itself says which language it is in. */
const TOLD_IN = { zh: "zh-CN", en: "en" } as const;

function Meaning({ explanation: { definition } }: { explanation: Explained }) {
  const { words } = useSpeech();
  const { name, version, lang, formula, period, edges, source } = definition;
  const said = [
    [words["explain.formula"], <code>{formula}</code>],
    [words["explain.period"], period],
    [words["explain.edges"], edges],
    [words["explain.source"], `${source} (${name}@${version})`],
  ] as const;
  return (
    <dl class="meaning">
      {said.map(([about, text]) => (
        <div key={about}>
          <dt>{about}</dt>
          <dd lang={TOLD_IN[lang]}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Of how many this part is made, and the formula's other parts to choose. */
function PartOf({ explanation, choose }: { explanation: Explained; choose: (part: string) => void }) {
  const { lang, words } = useSpeech();
  const { part, parts } = explanation;
  const count = parts.find(({ name }) => name === part)?.entities ?? 0;
  return (
    <div class="part">
      <h3>{words["explain.made"](plain(count, lang))}</h3>
      {parts.length > 1 && (
        <SelectField
          name={words["explain.part"]}
          broad
          id="part"
          value={part}
          options={parts.map((each) => ({ value: each.name, text: termsOf(each) }))}
          choose={choose}
        />
      )}
    </div>
  );
}

function Csv({ query, fetched }: { query: URLSearchParams; fetched: Fetch }) {
  const { words } = useSpeech();
  const [problem, setProblem] = useState("");

  function download(event: Event): void {
    event.preventDefault();
    setProblem("");
    fetched("/explain.csv", query, new AbortController().signal)
      .then((answer) => save(answer, "explanation.csv"))
      .catch((error: unknown) => setProblem(String((error as Error).message)));
  }

  return (
    <>
      <a class="csv" href={`/explain.csv?${query}`} download onClick={download}>
        {words["explain.csv"]}
      </a>
      {problem && <span class="failed">⚠ {problem}</span>}
    </>
  );
}
