/** The board's token: given by the service, by the provider where a person signed in, or by a person for this tab. */

import { type Door, door as whereToSignIn } from "../door/door";

export class TokenWanted extends Error {
  readonly refused: boolean;
  constructor(refused: boolean) {
    super(refused ? "the token was refused" : "a token is wanted");
    this.refused = refused;
  }
}

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;
const KEY = "baton-token";

export interface Session {
  /** The token to use now; raises `TokenWanted` when a person has to give one. */
  token(): Promise<string>;
  /** Another token than the one that was answered 401. */
  renewed(refused: string): Promise<string>;
  give(token: string): void;
  /** Where the person signed in, or is to; null where a token is given, and before anybody asked for one. */
  door(): Door | null;
}

export function session(ask: typeof fetch, kept: Kept, findDoor: () => Promise<Door | null> = whereToSignIn): Session {
  let current: Promise<string> | null = null;
  let door: Door | null = null;
  let dead = "";

  async function find(): Promise<string> {
    const answer = await ask("/session", { headers: { accept: "application/json" }, cache: "no-store" });
    if (answer.ok) {
      const { token } = (await answer.json()) as { token: string | null };
      if (token) return token;
      door = await findDoor();
      if (door) return ofPerson(door);
    } else if (![401, 403, 404].includes(answer.status)) throw new Error(`/session answered ${answer.status}`);
    const given = kept.getItem(KEY);
    if (!given) throw new TokenWanted(dead !== "");
    return given;
  }

  /** It is renewed from time to time, so that it is asked for each time. */
  async function ofPerson(there: Door): Promise<string> {
    const token = await there.token();
    if (!token || token === dead) throw new TokenWanted(dead !== "");
    return token;
  }

  function token(): Promise<string> {
    if (door) return ofPerson(door);
    const asked = (current ??= find());
    // A failure is not remembered: the next caller asks again.
    asked.catch(() => {
      if (current === asked) current = null;
    });
    return asked;
  }

  return {
    token,
    async renewed(refused) {
      if (door) {
        dead = refused;
        return ofPerson(door);
      }
      // Several requests may be refused at once; only the first of them asks anew.
      const asked = token();
      if ((await asked) === refused && current === asked) {
        dead = refused;
        if (kept.getItem(KEY) === refused) kept.removeItem(KEY);
        current = null;
      }
      return token();
    },
    give(given) {
      kept.setItem(KEY, given);
      current = null;
    },
    door: () => door,
  };
}
