/** Who works here: a token that a link brought along or a person gave, kept in this browser. */

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;
const KEY = "baton-desk-token";

export interface Person {
  id: string;
  role: string;
  token: string;
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

export const signOut = (kept: Kept): void => kept.removeItem(KEY);

/** Only reads what the token says; whether it holds is for the services to say. */
function personOf(token: string): Person | null {
  try {
    const claims = JSON.parse(atob(token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"))) as {
      sub: string;
      role: string;
    };
    return { id: claims.sub, role: claims.role, token };
  } catch {
    return null;
  }
}
