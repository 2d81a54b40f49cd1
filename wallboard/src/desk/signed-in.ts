/** Who works here: by a token that a link brought along or a person gave, or by having signed in at the provider. */

import type { Door, Trouble } from "../door/door";
import { Problem, problemOf } from "../live/problem";

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;
const KEY = "baton-desk-token";

export interface Person {
  id: string;
  role: string;
  /** The token to ask with now. */
  token(): Promise<string>;
  /** Where they signed in; null for who brought a token. */
  door: Door | null;
}

/** The person whose token the address brought (`#token=…`) or this browser has kept; null when there is none. */
export function signedIn(fragment: string, kept: Kept): Person | null {
  const brought = new URLSearchParams(fragment.replace(/^#/, "")).get("token");
  if (brought) kept.setItem(KEY, brought);
  return personOf(brought ?? kept.getItem(KEY) ?? "");
}

export function signIn(token: string, kept: Kept): Person | null {
  kept.setItem(KEY, token);
  return personOf(token);
}

/** Whoever signed in at the provider, as the service knows them; null when nobody did. */
export async function throughDoor(door: Door, get: typeof fetch): Promise<Person | null> {
  const token = await door.token();
  if (!token) return null;
  const answer = await get("/me", { headers: { authorization: `Bearer ${token}` }, cache: "no-store" });
  if (!answer.ok) throw await problemOf(answer);
  const { id, role } = (await answer.json()) as { id: string; role: string };
  return { id, role, token: async () => (await door.token()) ?? "", door };
}

/** What it means at the door that the service refused; null when it is no matter of who it was. */
export function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Problem)) return null;
  if (error.code === "no-post") return "no-post";
  return error.status === 401 ? "refused" : null;
}

export const signOut = (kept: Kept): void => kept.removeItem(KEY);

/** Only reads what the token says; whether it holds is for the services to say. */
function personOf(token: string): Person | null {
  try {
    const claims = JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))) as {
      sub: string;
      role: string;
    };
    return { id: claims.sub, role: claims.role, token: async () => token, door: null };
  } catch {
    return null;
  }
}
