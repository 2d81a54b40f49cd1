/** The fields of a command, read from the schema of its body. */

import type { Document, Method, Schema } from "./documents";
import { type Reference, referenceOf } from "./references";

interface Common {
  /** As the service calls it, such as `expected_close`. */
  name: string;
  required: boolean;
}

export interface TextField extends Common {
  kind: "text";
  pattern: string | null;
  longest: number | null;
}

export interface NumberField extends Common {
  kind: "number";
  least: number | null;
  most: number | null;
  initial: number | null;
}

export interface ChoiceField extends Common {
  kind: "choice";
  choices: readonly string[];
  initial: string | null;
}

export interface ReferenceField extends Common {
  kind: "reference";
  to: Reference;
  longest: number | null;
}

export interface PlainField extends Common {
  kind: "money" | "levels" | "day" | "moment" | "yes";
}

export interface GroupField extends Common {
  kind: "group";
  fields: readonly Field[];
}

export interface ListField extends Common {
  kind: "list";
  fields: readonly Field[];
}

/** Sent when it is known, and never asked for. */
export interface KeptField extends Common {
  kind: "kept";
}

export type Field = KeptField | TextField | NumberField | ChoiceField | ReferenceField | PlainField | GroupField | ListField;

/** What nobody types: ids are made by the service, and only an import says when something happened. */
const NOT_ASKED = new Set(["id", "occurred_at"]);

/** The fields that the command at this path takes; raises when the document has no such command. */
export function fieldsOf(document: Document, method: Method, path: string): readonly Field[] {
  const body = document.paths[path]?.[method]?.requestBody;
  if (!body) throw new Error(`${method} ${path} is no command`);
  return fieldsIn(document, body.content["application/json"].schema);
}

/** The questions that a list answers, such as `state` and `owner`. */
export function filtersOf(document: Document, path: string): readonly Field[] {
  const parameters = document.paths[path]?.get?.parameters ?? [];
  return parameters
    .filter(({ in: place, name }) => place === "query" && !["cursor", "limit", "ids", "merged"].includes(name))
    .map(({ name, schema }) => fieldOf(document, name, schema, false));
}

function fieldsIn(document: Document, schema: Schema): readonly Field[] {
  const { properties = {}, required = [] } = resolved(document, schema);
  return Object.entries(properties)
    .filter(([name]) => !NOT_ASKED.has(name))
    .map(([name, each]) => fieldOf(document, name, each, required.includes(name)));
}

function fieldOf(document: Document, name: string, given: Schema, required: boolean): Field {
  const schema = resolved(document, given);
  const common = { name, required };
  if (schema.enum) {
    return { ...common, kind: "choice", choices: schema.enum, initial: (schema.default ?? null) as string | null };
  }
  const reference = referenceOf(name);
  if (reference) return { ...common, kind: "reference", to: reference, longest: schema.maxLength ?? null };
  switch (schema.type) {
    case "object":
      if (isMoney(schema)) return { ...common, kind: "money" };
      if (isLevels(schema)) return { ...common, kind: "levels" };
      return { ...common, kind: "group", fields: fieldsIn(document, schema) };
    case "array":
      return { ...common, kind: "list", fields: fieldsIn(document, schema.items ?? {}) };
    case "boolean":
      return { ...common, kind: "yes" };
    case "integer":
    case "number":
      return {
        ...common,
        kind: "number",
        least: schema.minimum ?? null,
        most: schema.maximum ?? null,
        initial: (schema.default ?? null) as number | null,
      };
    default:
      if (schema.format === "date") return { ...common, kind: "day" };
      if (schema.format === "date-time") return { ...common, kind: "moment" };
      // Nobody knows the id of a lead or an order by heart: asked only where there is no going without.
      if (name.endsWith("_id") && !required) return { ...common, kind: "kept" };
      return { ...common, kind: "text", pattern: schema.pattern ?? null, longest: schema.maxLength ?? null };
  }
}

/** The schema itself, without references and without "or null"; what stood beside them is kept. */
function resolved(document: Document, schema: Schema): Schema {
  if (schema.$ref) {
    const { $ref, ...beside } = schema;
    const found = document.components.schemas[$ref.split("/").at(-1)!];
    if (!found) throw new Error(`there is no ${$ref}`);
    return { ...resolved(document, found), ...beside };
  }
  const one = schema.anyOf?.find(({ type }) => type !== "null");
  if (!one) return schema;
  const { anyOf: _, ...beside } = schema;
  return { ...resolved(document, one), ...beside };
}

/** 保底、目标、冲刺: three amounts of one currency. */
const isLevels = ({ properties = {} }: Schema): boolean => LEVELS.every((level) => level in properties);
export const LEVELS = ["floor", "target", "stretch"] as const;

const isMoney = ({ properties = {} }: Schema): boolean => "minor" in properties && "currency" in properties;
