import { expect, test } from "vitest";

import { inWords } from "../src/desk/amount";
import type { Field } from "../src/desk/contract/fields";
import { begun, NOT_FOUND, written } from "../src/desk/form/values";

const field = (name: string, more: Partial<Field>): Field => ({ name, required: false, ...more }) as Field;
const text = field("title", { kind: "text", required: true, longest: 5, pattern: "^[^x]*$" });
const money = field("amount", { kind: "money", required: true });
const count = field("quantity", { kind: "number", least: 1, most: 10, initial: null });

const says = (one: Field, typed: unknown) => {
  const { body, wrongs } = written([one], { [one.name]: typed as never });
  return wrongs.get(one.name)?.why ?? body[one.name] ?? null;
};

test.each([
  ["云帆", "云帆"],
  ["  a b  ", "a b"],
  ["", "missing"],
  ["   ", "missing"],
  ["六个字太长了", "too-long"],
  ["x", "unlike"],
])("the text %j is %j", (typed, said) => expect(says(text, typed)).toBe(said));

test.each([
  ["80,000", "CNY", { minor: 8_000_000, currency: "CNY" }],
  ["80，000.5", "CNY", { minor: 8_000_050, currency: "CNY" }],
  ["0.29", "CNY", { minor: 29, currency: "CNY" }],
  ["500", "JPY", { minor: 500, currency: "JPY" }],
  ["500.5", "JPY", "no-money"],
  ["1.234", "KWD", { minor: 1234, currency: "KWD" }],
  ["1.234", "CNY", "no-money"],
  ["-1", "CNY", "no-money"],
  ["1e5", "CNY", "no-money"],
  ["", "CNY", "missing"],
  ["99999999999999", "CNY", "too-large"],
])("the amount %s %s is %j", (major, currency, said) => expect(says(money, { major, currency })).toEqual(said));

test.each([
  ["3", 3],
  ["0", "too-small"],
  ["11", "too-large"],
  ["2.5", "no-number"],
  ["many", "no-number"],
  ["", null],
])("the number %j is %j", (typed, said) => expect(says(count, typed)).toBe(said));

test("a name of nobody is not sent", () => {
  const owner = field("owner", { kind: "reference", to: "people", required: true, longest: null });
  expect(says(owner, `${NOT_FOUND}Nobody`)).toBe("unlike");
  expect(says(owner, "p-wang")).toBe("p-wang");
});

test("a moment is one of the business's zone", () => {
  expect(says(field("due_at", { kind: "moment" }), "2026-11-26T09:30")).toBe("2026-11-26T01:30:00.000Z");
});

test("a form begins with how the thing stands, in the currency's own unit", () => {
  expect(begun([text, money], { title: "Deal", amount: { minor: 12_345, currency: "USD" } }, "CNY")).toEqual({
    title: "Deal",
    amount: { major: "123.45", currency: "USD" },
  });
  expect(begun([money], {}, "CNY")).toEqual({ amount: { major: "", currency: "CNY" } });
});

test("the parts of a list are found by their place", () => {
  const parts = field("parts", { kind: "list", fields: [count] });
  const { wrongs, body } = written([parts], { parts: [{ quantity: "1" }, { quantity: "0" }] });
  expect([...wrongs.keys()]).toEqual(["parts.1.quantity"]);
  expect(body).toEqual({ parts: [{ quantity: 1 }, {}] });
  expect(written([parts], { parts: [] }).body).toEqual({});
});

test("what is known and not asked for is sent along", () => {
  const kept = field("order_id", { kind: "kept" });
  expect(written([kept], begun([kept], { order_id: "o1" }, "CNY")).body).toEqual({ order_id: "o1" });
  expect(written([kept], begun([kept], {}, "CNY")).body).toEqual({});
});

test("three levels are three amounts of one currency", () => {
  const levels = field("levels", { kind: "levels", required: true });
  const typed = { floor: "1", target: "2", stretch: "3", currency: "CNY" };
  expect(written([levels], { levels: typed }).body).toEqual({
    levels: { floor: 100, target: 200, stretch: 300, currency: "CNY" },
  });
  expect(says(levels, { ...typed, target: "" })).toBe("missing");
});

test("an amount is said in its currency", () => {
  expect(inWords({ minor: 8_000_000, currency: "CNY" }, "zh")).toBe("¥80,000");
  expect(inWords({ minor: 8_050, currency: "USD" }, "en")).toBe("$80.5");
});
