/** What is typed into a form, and the command that is made of it. */

import { momentIn } from "../../format/time";
import { type Amount, minorOf } from "../amount";
import { isChosen } from "../contract/references";
import { type Field, LEVELS } from "../contract/fields";

/** Money as it is typed: in the currency's major unit. */
export interface TypedMoney {
  major: string;
  currency: string;
}

/** Three amounts of one currency, each as it is typed. */
export interface TypedLevels {
  floor: string;
  target: string;
  stretch: string;
  currency: string;
}

export type Typed = string | boolean | TypedMoney | TypedLevels | TypedForm | readonly TypedForm[];
export type TypedForm = { readonly [name: string]: Typed };

/** Why a field cannot be sent as it is; `figure` is what it goes against. */
export type Wrong =
  | { why: "missing" | "no-number" | "no-money" | "no-moment" | "unlike" }
  | { why: "too-long" | "too-small" | "too-large"; figure: number };

/** By the field's path, as the service writes it: `amount.minor`, `parts.0.weight`. */
export type Wrongs = ReadonlyMap<string, Wrong>;

/** How a form begins: with what is known already, or with what the service would take for it. */
export function begun(fields: readonly Field[], known: Readonly<Record<string, unknown>>, currency: string): TypedForm {
  return Object.fromEntries(fields.map((field) => [field.name, begin(field, known[field.name] ?? null, currency)]));
}

function begin(field: Field, known: unknown, currency: string): Typed {
  switch (field.kind) {
    case "money": {
      const amount = known as Amount | null;
      return amount ? { major: majorText(amount), currency: amount.currency } : { major: "", currency };
    }
    case "levels":
      return { floor: "", target: "", stretch: "", currency };
    case "yes":
      return known === true;
    case "group":
      return begun(field.fields, (known ?? {}) as Record<string, unknown>, currency);
    case "list":
      return [];
    case "choice":
    case "number":
      return String(known ?? field.initial ?? "");
    default:
      return String(known ?? "");
  }
}

const majorText = ({ minor, currency }: Amount): string => String(minor / minorOf(currency));

/** The command's body, or what is wrong with it; an empty field that may be left out is left out. */
export function written(fields: readonly Field[], typed: TypedForm): { body: Record<string, unknown>; wrongs: Wrongs } {
  const wrongs = new Map<string, Wrong>();
  const body = bodyOf(fields, typed, "", wrongs);
  return { body, wrongs };
}

function bodyOf(
  fields: readonly Field[],
  typed: TypedForm,
  place: string,
  wrongs: Map<string, Wrong>,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const path = place + field.name;
    const value = valueOf(field, typed[field.name] ?? "", path, wrongs);
    if (value !== null) body[field.name] = value;
    else if (field.required && !wrongs.has(path)) wrongs.set(path, { why: "missing" });
  }
  return body;
}

/** The value to send, or null for none; what cannot be sent is noted. */
function valueOf(field: Field, typed: Typed, path: string, wrongs: Map<string, Wrong>): unknown {
  const wrong = (because: Wrong): null => {
    wrongs.set(path, because);
    return null;
  };
  switch (field.kind) {
    case "yes":
      return typed === true;
    case "group":
      return bodyOf(field.fields, typed as TypedForm, `${path}.`, wrongs);
    case "list": {
      const rows = (typed || []) as readonly TypedForm[];
      return rows.length ? rows.map((row, at) => bodyOf(field.fields, row, `${path}.${at}.`, wrongs)) : null;
    }
    case "money":
      return moneyOf(typed as TypedMoney, wrong);
    case "levels":
      return levelsOf(typed as TypedLevels, wrong);
  }
  const text = (typed as string).trim();
  if (text === "") return null;
  switch (field.kind) {
    case "number": {
      const number = Number(text);
      if (!Number.isInteger(number)) return wrong({ why: "no-number" });
      if (field.least !== null && number < field.least) return wrong({ why: "too-small", figure: field.least });
      if (field.most !== null && number > field.most) return wrong({ why: "too-large", figure: field.most });
      return number;
    }
    case "moment": {
      const at = momentIn(text);
      return at === null ? wrong({ why: "no-moment" }) : new Date(at).toISOString();
    }
    case "text":
      if (field.longest !== null && [...text].length > field.longest) {
        return wrong({ why: "too-long", figure: field.longest });
      }
      return field.pattern !== null && !new RegExp(field.pattern, "u").test(text) ? wrong({ why: "unlike" }) : text;
    case "reference":
      if (isChosen(field.to) && text.startsWith(NOT_FOUND)) return wrong({ why: "unlike" });
      if (field.longest !== null && [...text].length > field.longest) {
        return wrong({ why: "too-long", figure: field.longest });
      }
      return text;
    default:
      return text;
  }
}

/** Stands before what was typed for a thing of which there is none by that name. */
export const NOT_FOUND = "\u0000";

const MOST_MINOR = 1e15;

function levelsOf(typed: TypedLevels, wrong: (because: Wrong) => null): Record<string, unknown> | null {
  const levels: Record<string, unknown> = { currency: typed.currency };
  for (const level of LEVELS) {
    const amount = moneyOf({ major: typed[level], currency: typed.currency }, wrong);
    if (amount === null) return null;
    levels[level] = amount.minor;
  }
  return levels;
}

function moneyOf({ major, currency }: TypedMoney, wrong: (because: Wrong) => null): Amount | null {
  const text = major.trim().replaceAll(/[,，\s]/g, "");
  if (text === "") return null;
  const digits = Math.log10(minorOf(currency));
  if (!new RegExp(`^\\d+(\\.\\d{1,${digits || 1}})?$`).test(text) || (digits === 0 && text.includes("."))) {
    return wrong({ why: "no-money" });
  }
  const minor = Math.round(Number(text) * minorOf(currency));
  return minor > MOST_MINOR ? wrong({ why: "too-large", figure: MOST_MINOR / minorOf(currency) }) : { minor, currency };
}
