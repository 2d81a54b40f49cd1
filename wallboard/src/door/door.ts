/** Where people sign in: an OpenID provider, by authorization code and PKCE, in this tab. */

import type { UserManager } from "oidc-client-ts";

import type { components } from "../contract/performance";

export type Provider = components["schemas"]["Provider"];
type Session = components["schemas"]["Session"];

/** What stands against signing in: the provider does not answer, says no, or the services do not take its word. */
export type Trouble = "away" | "denied" | "refused" | "no-post";

export interface Door {
  /** What went wrong at the provider when somebody came back from there. */
  readonly trouble: Trouble | null;
  /** A token that is good now, renewed if it has run out; null when nobody is signed in. */
  token(): Promise<string | null>;
  /** Leads to the provider, and from there back to what is shown now; rejects when it does not answer. */
  enter(): Promise<void>;
  /** Forgets who signed in, here and at the provider. */
  leave(): Promise<void>;
}

let found: Promise<Door | null> | null = null;

/** Where people sign in at this server; null where they bring a token. */
export function door(): Promise<Door | null> {
  const asked = (found ??= find());
  asked.catch(() => (found = null)); // a failure is not remembered: the next caller asks again
  return asked;
}

async function find(): Promise<Door | null> {
  const answer = await fetch("/session", { headers: { accept: "application/json" }, cache: "no-store" });
  const { provider } = answer.ok ? ((await answer.json()) as Session) : { provider: null };
  return provider && open(provider);
}

/** Whether the provider sent the browser here, with its answer in the address. */
export function isBack(query: string): boolean {
  const said = new URLSearchParams(query);
  return said.has("state") && (said.has("code") || said.has("error"));
}

async function open({ issuer, client_id, scope }: Provider): Promise<Door> {
  const { UserManager, WebStorageStateStore } = await import("oidc-client-ts");
  const here = location.origin + location.pathname;
  const manager = new UserManager({
    authority: issuer,
    client_id,
    scope,
    redirect_uri: here,
    post_logout_redirect_uri: here,
    automaticSilentRenew: true,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
  });
  const trouble = isBack(location.search) ? await comeBack(manager) : null;
  return {
    trouble,
    async token() {
      const user = await manager.getUser();
      if (!user?.expired) return user?.access_token ?? null;
      const renewed = await manager.signinSilent().catch(() => null);
      return renewed?.access_token ?? null;
    },
    enter: () => manager.signinRedirect({ state: location.search }),
    async leave() {
      // A provider that is away, or has no page for it, keeps nobody signed in here.
      await manager.signoutRedirect().catch(() => manager.removeUser());
    },
  };
}

/** Takes the provider's answer out of the address, and puts back what was shown before. */
async function comeBack(manager: UserManager): Promise<Trouble | null> {
  let shown: unknown = "";
  try {
    shown = (await manager.signinCallback())?.state;
    return null;
  } catch (error) {
    shown = (error as { state?: unknown }).state;
    return "denied";
  } finally {
    history.replaceState(null, "", location.pathname + (typeof shown === "string" ? shown : ""));
  }
}
