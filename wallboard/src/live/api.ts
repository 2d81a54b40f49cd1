/** Asks the performance service, with a token that is renewed once when it has run out. */

import { problemOf } from "./problem";
import type { Session } from "./session";

export type Fetch = (path: string, query: URLSearchParams, signal: AbortSignal) => Promise<Response>;
export type Ask = (path: string, query: URLSearchParams, signal: AbortSignal) => Promise<unknown>;

const PATIENCE = 10_000;

/** The good answer as it comes; any other raises `Problem`. */
export function fetching(session: Session, get: typeof fetch): Fetch {
  const once = (path: string, token: string, signal: AbortSignal): Promise<Response> =>
    get(path, {
      headers: { accept: "application/json", authorization: `Bearer ${token}` },
      cache: "no-store",
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    });

  return async (path, query, signal) => {
    const full = query.size > 0 ? `${path}?${query}` : path;
    const token = await session.token();
    let answer = await once(full, token, signal);
    if (answer.status === 401) answer = await once(full, await session.renewed(token), signal);
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  };
}

export function asking(fetched: Fetch): Ask {
  return async (path, query, signal) => (await fetched(path, query, signal)).json();
}
