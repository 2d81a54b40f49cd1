import { expect, test } from "vitest";

import type { Door } from "../src/door/door";
import { asking, fetching } from "../src/live/api";
import { Problem } from "../src/live/problem";
import { session, TokenWanted } from "../src/live/session";

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

function tab(given?: string) {
  const kept = new Map(given ? [["baton-token", given]] : []);
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

/** A service whose good token is the last one it gave out. */
function service({ gives = true, good = "t1" } = {}) {
  let sessions = 0;
  const get: typeof fetch = async (path, init) => {
    if (path === "/session") {
      if (!gives) return json(404, { title: "Not here" });
      sessions += 1;
      return json(200, { token: `t${sessions}` });
    }
    const bearer = new Headers(init?.headers).get("authorization");
    if (bearer !== `Bearer ${good}`) return json(401, { title: "No", detail: "expired" });
    return json(200, { items: [] });
  };
  return { get, sessions: () => sessions };
}

const nothing = new URLSearchParams();
const never = new AbortController().signal;

test("the service's own token is asked for once", async () => {
  const { get, sessions } = service();
  const ask = asking(fetching(session(get, tab()), get));
  await Promise.all([ask("/kpis", nothing, never), ask("/funnel", nothing, never)]);
  expect(sessions()).toBe(1);
});

test("a token that ran out is renewed once for all who were refused", async () => {
  const { get, sessions } = service({ good: "t2" });
  const ask = asking(fetching(session(get, tab()), get));
  await Promise.all(["/kpis", "/funnel", "/handoffs"].map((path) => ask(path, nothing, never)));
  expect(sessions()).toBe(2);
});

test("where no token is given out, a person is asked, and what they give is kept", async () => {
  const { get } = service({ gives: false, good: "mine" });
  const storage = tab();
  const signedIn = session(get, storage);
  const ask = asking(fetching(signedIn, get));
  await expect(ask("/kpis", nothing, never)).rejects.toMatchObject({ refused: false });
  signedIn.give("mine");
  await expect(ask("/kpis", nothing, never)).resolves.toEqual({ items: [] });
  expect(storage.getItem("baton-token")).toBe("mine");
});

test("a person's token that is refused is forgotten and asked for again", async () => {
  const { get } = service({ gives: false, good: "other" });
  const storage = tab("old");
  const refused = asking(fetching(session(get, storage), get))("/kpis", nothing, never);
  await expect(refused).rejects.toBeInstanceOf(TokenWanted);
  await expect(refused).rejects.toMatchObject({ refused: true });
  expect(storage.kept.size).toBe(0);
});

test("a problem's detail is what the page says", async () => {
  const get: typeof fetch = async (path) =>
    path === "/session" ? json(200, { token: "t" }) : json(422, { title: "Unprocessable", detail: "to is before from" });
  const answer = asking(fetching(session(get, tab()), get))("/kpis", nothing, never);
  await expect(answer).rejects.toBeInstanceOf(Problem);
  await expect(answer).rejects.toThrow("to is before from");
});

/** Somebody who signed in at the provider, with the tokens they get one after the other. */
function signedInWith(...tokens: (string | null)[]): Door {
  const token = async () => (tokens.length > 1 ? tokens.shift()! : tokens[0]!);
  return { trouble: null, token, enter: async () => undefined, leave: async () => undefined };
}

const atProvider: typeof fetch = async (path, init) => {
  if (path === "/session") return json(200, { token: null, provider: { issuer: "https://id" } });
  return new Headers(init?.headers).get("authorization") === "Bearer good" ? json(200, {}) : json(401, {});
};

test("where people sign in, the token is the one they have now", async () => {
  const asked: (string | null)[] = [];
  const get: typeof fetch = async (path, init) => {
    if (path !== "/session") asked.push(new Headers(init?.headers).get("authorization"));
    return path === "/session" ? atProvider(path, init) : json(200, {});
  };
  const signedIn = session(get, tab(), async () => signedInWith("first", "second"));
  const ask = asking(fetching(signedIn, get));
  await ask("/kpis", nothing, never);
  await ask("/kpis", nothing, never);
  expect(asked).toEqual(["Bearer first", "Bearer second"]);
  expect(signedIn.door()).not.toBeNull();
});

test.each([
  ["nobody signed in", null, false],
  ["the services do not take the provider's word", "bad", true],
])("when %s, a person is led to the door", async (_what, token, refused) => {
  const ask = asking(fetching(session(atProvider, tab(), async () => signedInWith(token)), atProvider));
  await expect(ask("/kpis", nothing, never)).rejects.toMatchObject({ refused });
  await expect(ask("/kpis", nothing, never)).rejects.toBeInstanceOf(TokenWanted);
});

test("who signed in anew after a refusal is let in", async () => {
  const ask = asking(fetching(session(atProvider, tab(), async () => signedInWith("bad", "good")), atProvider));
  await expect(ask("/kpis", nothing, never)).resolves.toEqual({});
});
