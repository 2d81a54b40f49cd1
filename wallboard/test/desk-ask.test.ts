import { expect, test } from "vitest";

import { readPlace, writePlace } from "../src/desk/address";
import { asking } from "../src/desk/ask";
import { Names } from "../src/desk/names";
import { Problem } from "../src/live/problem";
import { signedIn } from "../src/desk/signed-in";
import { refusal } from "../src/desk/words/refusals";

const addresses = { customers: "http://c", orders: "http://o", performance: "", coordination: "http://x" };
const json = (status: number, body: unknown, headers = {}): Response => new Response(JSON.stringify(body), { status, headers });

test("a command goes to its service with its key and the revision it was decided on", async () => {
  const sent: [string, RequestInit][] = [];
  const ask = asking(addresses, "t", async (path, init) => {
    sent.push([String(path), init!]);
    return new Response(null, { status: 204, headers: { etag: '"4"' } });
  });
  const answer = await ask("orders", "post", "/orders/o1/ready", { body: {}, key: "k", etag: '"3"' });
  expect(answer).toEqual({ data: null, etag: '"4"' });
  const [path, { method, headers, body }] = sent[0]!;
  expect([path, method, body]).toEqual(["http://o/orders/o1/ready", "POST", "{}"]);
  expect(headers).toMatchObject({ authorization: "Bearer t", "idempotency-key": "k", "if-match": '"3"' });
});

test("what a service says against it is a problem with its errors and all else it says", async () => {
  const ask = asking(addresses, "t", async () =>
    json(412, { code: "stale", detail: "No", errors: [{ field: "a.b", message: "m" }], existing: "a1" }, { etag: '"9"' }),
  );
  await expect(ask("customers", "get", "/x")).rejects.toMatchObject({
    status: 412,
    code: "stale",
    message: "No",
    errors: [{ field: "a.b", message: "m" }],
    more: { existing: "a1" },
    etag: '"9"',
  });
});

test("no answer, and an answer that is no problem, are problems too", async () => {
  const gone = asking(addresses, "t", async () => Promise.reject(new TypeError("failed")));
  await expect(gone("customers", "get", "/x")).rejects.toMatchObject({ status: 0, code: "unreachable" });
  const html = asking(addresses, "t", async () => new Response("<html>", { status: 502 }));
  await expect(html("customers", "get", "/x")).rejects.toMatchObject({ status: 502, code: "error" });
});

test("customers that come up together are asked for together, and once", async () => {
  const asked: string[] = [];
  const names = new Names(
    async (_service, _method, path) => {
      asked.push(path);
      return { data: { items: [{ id: "a1", name: "云帆", region: "East", industry: null }] } as never, etag: null };
    },
    () => undefined,
  );
  expect([names.of("accounts", "a1"), names.of("accounts", "a2")]).toEqual(["a1", "a2"]);
  await new Promise((done) => setTimeout(done));
  expect([names.of("accounts", "a1"), names.of("accounts", "a2")]).toEqual(["云帆", "a2"]);
  expect(asked).toEqual(["/accounts?ids=a1&ids=a2"]);
});

test.each([
  ["?at=deals", { kind: "deals", id: null }],
  ["?at=orders/a/b", { kind: "orders", id: "a/b" }],
  ["?at=nothing/x", { kind: "deals", id: null }],
  ["", { kind: "deals", id: null }],
  ["?at=deals&state=open&lang=zh", { kind: "deals", where: { state: "open" }, lang: "zh" }],
])("the address %s is read", (query, place) => {
  expect(readPlace(query)).toMatchObject(place);
  expect(readPlace(writePlace(readPlace(query)))).toEqual(readPlace(query));
});

test("a link's token is kept; one that is none is nobody", async () => {
  const kept = new Map<string, string>();
  const tab = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const token = `a.${btoa(JSON.stringify({ sub: "p1", role: "sales" }))}.b`;
  expect(signedIn("", tab)).toBeNull();
  const person = signedIn(`#token=${token}`, tab);
  expect(person).toMatchObject({ id: "p1", role: "sales", door: null });
  expect(await person?.token()).toBe(token);
  expect(signedIn("", tab)).toMatchObject({ id: "p1" });
  expect(signedIn("#token=nonsense", tab)).toBeNull();
});

test("a refusal says amounts as people do, and what it has no words for as the service does", () => {
  const overpaid = new Problem(409, "overpaid", "Only 8000000 CNY", [], { owed: "8000000", currency: "CNY" });
  expect(refusal(overpaid, "en")).toBe("That is more than is owed. At most ¥80,000.");
  expect(refusal(overpaid, "zh")).toBe("收款超过了应收金额。不能大于 ¥80,000。");
  expect(refusal(new Problem(409, "deal-won", "The deal is won."), "en")).toBe("The deal is won.");
  expect(refusal(new Problem(409, "new-rule", "A new rule."), "zh")).toBe("A new rule.");
});
