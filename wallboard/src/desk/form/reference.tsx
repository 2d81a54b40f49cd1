import { useEffect, useId, useState } from "preact/hooks";

import type { Chosen, Suggested } from "../contract/references";
import type { Named } from "../names";
import { useDesk } from "../page/desk";
import type { Attributes } from "./inputs";
import { NOT_FOUND } from "./values";

/** So long after the last key customers are looked for. */
const PAUSE = 150;

interface ChooseProps {
  to: Chosen;
  /** Of the one that is chosen; what was typed behind `NOT_FOUND` where there is none of that name. */
  id: string;
  choose: (id: string) => void;
  attributes: Attributes;
}

/** One of the people, teams or customers, by name; their names are offered while one types. */
export function Choose({ to, id, choose, attributes }: ChooseProps) {
  const { names } = useDesk();
  const list = useId();
  const [text, setText] = useState<string | null>(null);
  const offered = names.all(to);
  const shown = text ?? (id ? names.of(to, id) : "");

  useEffect(() => {
    if (to !== "accounts" || text === null || !text.trim()) return;
    const timer = setTimeout(() => void names.search(text).catch(() => undefined), PAUSE);
    return () => clearTimeout(timer);
  }, [to, text]);

  // What was typed may be found only once the answer is there.
  const found = text === null ? undefined : meant(text, offered);
  useEffect(() => {
    if (found && found.id !== id) choose(found.id);
  }, [found?.id]);

  return (
    <>
      <input
        list={list}
        autoComplete="off"
        value={shown}
        {...attributes}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          choose(meant(typed, offered)?.id ?? (typed.trim() ? NOT_FOUND + typed : ""));
        }}
      />
      <datalist id={list}>
        {offered.map((each) => (
          <option key={each.id} value={nameIn(each, offered)}>
            {each.beside}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** The name; where several have it, with the id that tells them apart. */
const nameIn = ({ id, name }: Named, offered: readonly Named[]): string =>
  offered.filter((each) => each.name === name).length > 1 ? `${name} (${id})` : name;

function meant(text: string, offered: readonly Named[]): Named | undefined {
  const wanted = text.trim();
  return offered.find((each) => wanted === nameIn(each, offered) || wanted === each.id);
}

interface SuggestProps {
  of: Suggested;
  text: string;
  say: (text: string) => void;
  attributes: Attributes;
}

/** Free text; what is there already is offered. */
export function Suggest({ of, text, say, attributes }: SuggestProps) {
  const { names } = useDesk();
  const list = useId();
  return (
    <>
      <input
        list={list}
        autoComplete="off"
        value={text}
        {...attributes}
        onInput={(event) => say(event.currentTarget.value)}
      />
      <datalist id={list}>
        {names.all(of).map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
    </>
  );
}
