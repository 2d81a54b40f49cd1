import { expect, test } from "vitest";

import { type Document, documentOf, SERVICES } from "../src/desk/contract/documents";
import { type Field, fieldsOf, filtersOf } from "../src/desk/contract/fields";
import { KINDS, kindOf } from "../src/desk/kinds";
import { methodOf, WHOLE } from "../src/desk/kinds/kind";
import { hasWord } from "../src/words/names";

const documents = Object.fromEntries(
  await Promise.all(SERVICES.map(async (service) => [service, await documentOf(service)] as const)),
);
const document = (service: string): Document => documents[service]!;
const named = (fields: readonly Field[]) => Object.fromEntries(fields.map((field) => [field.name, field]));

/** Every command of every kind: making one, and each step about one. */
const commands = KINDS.flatMap((name) => {
  const { service, path, item } = kindOf(name);
  const whole = document(service).paths[item]?.put ? [{ name, service, path: item, step: WHOLE }] : [];
  const steps = Object.keys(document(service).paths)
    .filter((each) => each.startsWith(`${item}/`))
    .map((each) => each.slice(item.length + 1))
    .filter((step) => document(service).paths[`${item}/${step}`]?.[methodOf(step)]);
  return [{ name, service, path, step: "" }, ...whole, ...steps.map((step) => ({ name, service, path: `${item}/${step}`, step }))];
});

test("a deal's form asks for what the contract asks for, and for no ids", () => {
  const fields = named(fieldsOf(document("customers"), "post", "/deals"));
  expect(fields.title).toMatchObject({ kind: "text", required: true, longest: 500 });
  expect(fields.owner).toMatchObject({ kind: "reference", to: "people", required: true });
  expect(fields.account_id).toMatchObject({ kind: "reference", to: "accounts", required: false });
  expect(fields.stage).toMatchObject({ kind: "choice", initial: "prospecting" });
  expect(fields.amount).toMatchObject({ kind: "money", required: true });
  expect(fields.quantity).toMatchObject({ kind: "number", least: 1, required: false });
  expect(fields.expected_close).toMatchObject({ kind: "day", required: false });
  expect(fields.lead_id).toMatchObject({ kind: "kept" });
  expect(fields).not.toHaveProperty("id");
  expect(fields).not.toHaveProperty("occurred_at");
});

test("a plan is drawn with three levels and split into a list of parts", () => {
  expect(named(fieldsOf(document("performance"), "post", "/plans")).levels).toMatchObject({ kind: "levels" });
  const { parts } = named(fieldsOf(document("performance"), "post", "/plans/{plan_id}/split"));
  expect(parts).toMatchObject({ kind: "list", required: false });
});

test("a list is narrowed down by what the service can be asked for", () => {
  expect(filtersOf(document("customers"), "/deals").map(({ name }) => name)).toEqual(["stage", "owner", "account", "state"]);
});

test("what is no command is said to be none", () => {
  expect(() => fieldsOf(document("customers"), "post", "/nothing")).toThrow("post /nothing");
});

test.each(commands)("$name $step has a form whose every word is there in 中文", ({ name, service, path, step }) => {
  const fields = fieldsOf(document(service), methodOf(step), path);
  expect(unknownIn(fields)).toEqual([]);
  expect(hasWord("kind", name) && hasWord("one", name)).toBe(true);
  if (step) expect(hasWord("step", step)).toBe(true);
});

function unknownIn(fields: readonly Field[]): string[] {
  return fields.flatMap((field) => {
    const own = field.kind === "kept" || hasWord("field", field.name) ? [] : [field.name];
    if (field.kind === "choice") return [...own, ...field.choices.filter((choice) => !hasWord("value", choice))];
    if (field.kind === "list" || field.kind === "group") return [...own, ...unknownIn(field.fields)];
    return own;
  });
}

test.each(KINDS)("every column and filter of %s has a word", (name) => {
  const { service, path, columns, listed } = kindOf(name);
  const filters = listed ? [] : filtersOf(document(service), path);
  expect([...columns.filter((column) => !hasWord("field", column)), ...unknownIn(filters)]).toEqual([]);
});

test("every field and value that a service shows of a thing has a word", () => {
  const shown = Object.entries(documents).flatMap(([service, { paths, components }]) =>
    KINDS.filter((name) => kindOf(name).service === service).flatMap((name) => {
      const answer = paths[kindOf(name).item]?.get as unknown as Shown | undefined;
      const schema = answer?.responses["200"].content["application/json"].schema.$ref.split("/").at(-1)!;
      return Object.entries(components.schemas[schema]?.properties ?? {}).flatMap(([field, each]) => [
        ...(hasWord("field", field) || ["history", "state", "id"].includes(field) ? [] : [field]),
        ...(each.enum ?? []).filter((value) => !hasWord("value", value)),
      ]);
    }),
  );
  expect(shown).toEqual([]);
});

interface Shown {
  responses: { "200": { content: { "application/json": { schema: { $ref: string } } } } };
}
