import { useEffect, useState } from "preact/hooks";

import { documentOf } from "../contract/documents";
import { type Field, filtersOf } from "../contract/fields";
import { isChosen } from "../contract/references";
import { Choose, Suggest } from "../form/reference";
import { NOT_FOUND } from "../form/values";
import { kindOf } from "../kinds";
import { named } from "../../words/names";
import { useDesk } from "./desk";

/** The questions of the contract, as far as something can be chosen or typed for them. */
export function Filters({ but = [] }: { but?: readonly string[] }) {
  const { lang, place, go, words } = useDesk();
  const { service, path } = kindOf(place.kind);
  const [fields, setFields] = useState<readonly Field[]>([]);

  useEffect(() => {
    let current = true;
    documentOf(service).then(
      (document) => current && setFields(filtersOf(document, path)),
      () => undefined, // a list can be looked at without its filters
    );
    return () => {
      current = false;
    };
  }, [service, path]);

  const narrow = (name: string) => (value: string): void => go({ where: { ...place.where, [name]: value } });
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {fields
        .filter(({ name }) => !but.includes(name))
        .map((field) => (
          <label key={`${place.kind} ${field.name}`} class="field">
            <span class="field-name">{named("field", field.name, lang)}</span>
            <Narrowing field={field} value={place.where[field.name] ?? ""} narrow={narrow(field.name)} all={words.all} />
          </label>
        ))}
    </form>
  );
}

interface NarrowingProps {
  field: Field;
  value: string;
  narrow: (value: string) => void;
  all: string;
}

function Narrowing({ field, value, narrow, all }: NarrowingProps) {
  const { lang } = useDesk();
  const attributes = {
    id: `filter-${field.name}`,
    name: field.name,
    "aria-invalid": false,
    "aria-required": false,
    onBlur: () => undefined,
  };
  if (field.kind === "choice" || field.kind === "yes") {
    const choices = field.kind === "choice" ? field.choices : ["true", "false"];
    return (
      <select value={value} {...attributes} onChange={(event) => narrow(event.currentTarget.value)}>
        <option value="">{all}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice} selected={choice === value}>
            {named("value", choice, lang)}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === "reference") {
    if (isChosen(field.to)) {
      return <Choose to={field.to} id={value} choose={(id) => narrow(known(id))} attributes={attributes} />;
    }
    return <Suggest of={field.to} text={value} say={narrow} attributes={attributes} />;
  }
  return <input value={value} {...attributes} onInput={(event) => narrow(event.currentTarget.value)} />;
}

/** A half-typed name narrows nothing down. */
const known = (id: string): string => (id.startsWith(NOT_FOUND) ? "" : id);
