import { useEffect, useId, useRef, useState } from "preact/hooks";

import { plain } from "../../format/number";
import { Problem } from "../../live/problem";
import type { Field } from "../contract/fields";
import { useDesk } from "../page/desk";
import { ProblemOf } from "../page/problem";
import type { DeskWords } from "../words/desk";
import type { Lang } from "../../words/words";
import { Inputs } from "./inputs";
import { begun, type TypedForm, type Wrong, written } from "./values";

interface Props {
  title: string;
  fields: readonly Field[];
  /** What is known already. */
  known: Readonly<Record<string, unknown>>;
  currency: string;
  /** Carries the command out; what the service says against it stays in the form. */
  send: (body: Record<string, unknown>) => Promise<void>;
  close: () => void;
}

/** A command's form in the browser's own dialog: it keeps the focus, and closes with Esc. */
export function Form({ title, fields, known, currency, send, close }: Props) {
  const { lang, words } = useDesk();
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [typed, type] = useState<TypedForm>(() => begun(fields, known, currency));
  const [left, leave] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { body, wrongs } = written(fields, typed);
  const refused = refusedOf(problem, fields);

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (tried) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [tried, problem]);

  const errorAt = (path: string): string | null => {
    const wrong = tried || left.has(path) ? wrongs.get(path) : undefined;
    return wrong ? inWords(wrong, words, lang) : (refused.at.get(path) ?? null);
  };

  const submit = async (): Promise<void> => {
    setTried(true);
    if (wrongs.size || busy) return;
    setBusy(true);
    try {
      await send(body);
      close();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <dialog ref={dialog} class="form" aria-labelledby={heading} aria-busy={busy} onClose={close}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h2 id={heading}>{title}</h2>
        {problem && <ProblemOf problem={problem} {...(refused.text === null ? {} : { text: refused.text })} />}
        <Inputs
          fields={fields}
          typed={typed}
          place=""
          by={typeof typed.by === "string" ? typed.by : ""}
          errorAt={errorAt}
          change={(next) => {
            type(next);
            if (problem) setProblem(null);
          }}
          leave={(path) => leave((before) => new Set(before).add(path))}
        />
        <p class="form-foot">
          <button type="button" onClick={close}>
            {words.cancel}
          </button>
          <button type="submit" class="main" disabled={busy}>
            {words.send}
          </button>
        </p>
      </form>
    </dialog>
  );
}

/** Each error of the service at its field; what belongs to none of them, or another reason, as a text above. */
function refusedOf(problem: Problem | null, fields: readonly Field[]): { at: ReadonlyMap<string, string>; text: string | null } {
  const at = new Map<string, string>();
  const rest: string[] = [];
  for (const { field, message } of problem?.errors ?? []) {
    const known = fields.find(({ name }) => name === field.split(".")[0]);
    if (!known) rest.push(field ? `${field}: ${message}` : message);
    else at.set(known.kind === "money" || known.kind === "levels" ? known.name : field, message);
  }
  return { at, text: rest.length ? rest.join("; ") : null };
}

function inWords(wrong: Wrong, words: DeskWords, lang: Lang): string {
  switch (wrong.why) {
    case "too-long":
    case "too-small":
    case "too-large":
      return words[`wrong.${wrong.why}`](plain(wrong.figure, lang));
    default:
      return words[`wrong.${wrong.why}`];
  }
}
