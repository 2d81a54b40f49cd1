/** The board's read-only token: given by the service, or by a person and kept for this tab. */

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
}

export function session(ask: typeof fetch, kept: Kept): Session {
  let current: Promise<string> | null = null;
  let dead = "";

  async function find(): Promise<string> {
    const answer = await ask("/session", { headers: { accept: "application/json" }, cache: "no-store" });
    if (answer.ok) return ((await answer.json()) as { token: string }).token;
    if (![401, 403, 404].includes(answer.status)) throw new Error(`/session answered ${answer.status}`);
    const given = kept.getItem(KEY);
    if (!given) throw new TokenWanted(dead !== "");
    return given;
  }

  function token(): Promise<string> {
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
  };
}
