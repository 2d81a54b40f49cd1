import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import { type ChoiceField, type Field, type GroupField, LEVELS, type ListField, type PlainField } from "../contract/fields";
import { isChosen, KEYED_BY } from "../contract/references";
import { CURRENCY } from "../../format/house";
import { useDesk } from "../page/desk";
import { named } from "../../words/names";
import { Choose, Suggest } from "./reference";
import type { Typed, TypedForm, TypedLevels, TypedMoney } from "./values";

interface Shared {
  /** What a plan is split by, which says what its parts are named by; empty elsewhere. */
  by: string;
  /** Where these fields are in the command: empty, or `parts.0.`. */
  place: string;
  errorAt: (path: string) => string | null;
  leave: (path: string) => void;
}

interface InputsProps extends Shared {
  fields: readonly Field[];
  typed: TypedForm;
  change: (typed: TypedForm) => void;
}

/** The fields of a form, each under its name, with what is wrong with it below. */
export function Inputs({ fields, typed, change, ...shared }: InputsProps) {
  return (
    <div class="inputs">
      {fields.map((field) => (
        <Input
          key={field.name}
          field={field}
          typed={typed[field.name] ?? ""}
          change={(value) => change({ ...typed, [field.name]: value })}
          {...shared}
        />
      ))}
    </div>
  );
}

interface InputProps<F extends Field> extends Shared {
  field: F;
  typed: Typed;
  change: (typed: Typed) => void;
}

function Input(props: InputProps<Field>) {
  const { field } = props;
  if (field.kind === "kept") return null;
  if (field.kind === "group") return <Group {...props} field={field} />;
  if (field.kind === "list") return <List {...props} field={field} />;
  const keyed = field.name === "key" ? KEYED_BY[props.by] : undefined;
  return <Labelled {...props} field={keyed ? { ...field, kind: "reference", to: keyed, longest: null } : field} />;
}

function Labelled({ field, typed, change, place, errorAt, leave }: InputProps<Field>) {
  const { lang, words } = useDesk();
  const id = useId();
  const path = place + field.name;
  const error = errorAt(path);
  const attributes: Attributes = {
    id,
    name: path,
    "aria-invalid": error !== null,
    "aria-required": field.required,
    onBlur: () => leave(path),
    ...(error === null ? {} : { "aria-describedby": `${id}-wrong` }),
  };
  return (
    <div class={`input input-${field.kind}`} data-field={path}>
      <label for={id}>
        {named("field", field.name, lang)}
        {!field.required && field.kind !== "yes" && <small> {words.optional}</small>}
      </label>
      <Control field={field} typed={typed} change={change} attributes={attributes} />
      {error !== null && (
        <p class="wrong" id={`${id}-wrong`}>
          <span aria-hidden="true">⚠ </span>
          {error}
        </p>
      )}
    </div>
  );
}

export interface Attributes {
  id: string;
  name: string;
  "aria-invalid": boolean;
  "aria-required": boolean;
  "aria-describedby"?: string;
  onBlur: () => void;
}

interface ControlProps<F extends Field> {
  field: F;
  typed: Typed;
  change: (typed: Typed) => void;
  attributes: Attributes;
}

function Control({ field, typed, change, attributes }: ControlProps<Field>) {
  const say = (text: string): void => change(text);
  switch (field.kind) {
    case "choice":
      return <Choice field={field} typed={typed} change={change} attributes={attributes} />;
    case "money":
      return <Money field={field} typed={typed} change={change} attributes={attributes} />;
    case "levels":
      return <Levels field={field} typed={typed} change={change} attributes={attributes} />;
    case "yes":
      return (
        <input
          type="checkbox"
          checked={typed === true}
          {...attributes}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      );
    case "reference":
      if (isChosen(field.to)) return <Choose to={field.to} id={typed as string} choose={say} attributes={attributes} />;
      return <Suggest of={field.to} text={typed as string} say={say} attributes={attributes} />;
    case "day":
      return <input type="date" value={typed as string} {...attributes} onInput={(event) => say(event.currentTarget.value)} />;
    case "moment":
      return (
        <input
          type="datetime-local"
          value={typed as string}
          {...attributes}
          onInput={(event) => say(event.currentTarget.value)}
        />
      );
    default:
      return (
        <input
          inputMode={field.kind === "number" ? "numeric" : "text"}
          autoComplete="off"
          value={typed as string}
          {...attributes}
          onInput={(event) => say(event.currentTarget.value)}
        />
      );
  }
}

function Choice({ field, typed, change, attributes }: ControlProps<ChoiceField>) {
  const { lang, words } = useDesk();
  return (
    <select value={typed as string} {...attributes} onChange={(event) => change(event.currentTarget.value)}>
      {typed === "" && <option value="">{words.choose}</option>}
      {field.choices.map((choice) => (
        <option key={choice} value={choice} selected={choice === typed}>
          {named("value", choice, lang)}
        </option>
      ))}
    </select>
  );
}

const CURRENCIES = [...new Set([CURRENCY, "CNY", "USD", "EUR", "HKD", "JPY", "GBP"])];

function Money({ field, typed, change, attributes }: ControlProps<PlainField>) {
  const { major, currency } = typed as TypedMoney;
  return (
    <div class="money-input">
      <input
        inputMode="decimal"
        autoComplete="off"
        value={major}
        {...attributes}
        onInput={(event) => change({ major: event.currentTarget.value, currency })}
      />
      <Currency field={field.name} currency={currency} choose={(chosen) => change({ major, currency: chosen })} />
    </div>
  );
}

function Levels({ field, typed, change, attributes }: ControlProps<PlainField>) {
  const { lang } = useDesk();
  const levels = typed as TypedLevels;
  return (
    <div class="levels-input">
      {LEVELS.map((level) => (
        <input
          key={level}
          inputMode="decimal"
          autoComplete="off"
          placeholder={named("field", level, lang)}
          value={levels[level]}
          {...attributes}
          id={level === "floor" ? attributes.id : `${attributes.id}-${level}`}
          name={`${attributes.name}.${level}`}
          aria-label={named("field", level, lang)}
          onInput={(event) => change({ ...levels, [level]: event.currentTarget.value })}
        />
      ))}
      <Currency field={field.name} currency={levels.currency} choose={(currency) => change({ ...levels, currency })} />
    </div>
  );
}

function Currency({ field, currency, choose }: { field: string; currency: string; choose: (currency: string) => void }) {
  const { lang, words } = useDesk();
  const known = CURRENCIES.includes(currency) ? CURRENCIES : [currency, ...CURRENCIES];
  return (
    <select
      aria-label={words.amountIn(named("field", field, lang))}
      value={currency}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {known.map((each) => (
        <option key={each} selected={each === currency}>
          {each}
        </option>
      ))}
    </select>
  );
}

function Fieldset({ name, children }: { name: string; children: ComponentChildren }) {
  const { lang } = useDesk();
  return (
    <fieldset class="group">
      <legend>{named("field", name, lang)}</legend>
      {children}
    </fieldset>
  );
}

function Group({ field, typed, change, place, ...shared }: InputProps<GroupField>) {
  return (
    <Fieldset name={field.name}>
      <Inputs
        fields={field.fields}
        typed={typed as TypedForm}
        change={change}
        place={`${place}${field.name}.`}
        {...shared}
      />
    </Fieldset>
  );
}

function List({ field, typed, change, place, ...shared }: InputProps<ListField>) {
  const { words } = useDesk();
  const rows = (typed || []) as readonly TypedForm[];
  return (
    <Fieldset name={field.name}>
      {rows.map((row, at) => (
        <div key={at} class="row">
          <Inputs
            fields={field.fields}
            typed={row}
            change={(changed) => change(rows.with(at, changed))}
            place={`${place}${field.name}.${at}.`}
            {...shared}
          />
          <button type="button" aria-label={words.removeRow} onClick={() => change(rows.toSpliced(at, 1))}>
            ✕
          </button>
        </div>
      ))}
      <button type="button" onClick={() => change([...rows, {}])}>
        {words.addRow}
      </button>
    </Fieldset>
  );
}
