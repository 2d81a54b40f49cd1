/** Asks the services in a person's name; what they say against it is a `Problem`. */

import { Problem, problemOf } from "../live/problem";
import type { Method, Service } from "./contract/documents";

export interface Question {
  body?: unknown;
  /** The same command again has the same key, and is done once. */
  key?: string;
  /** The revision it was decided on, as the answer's ETag gave it. */
  etag?: string | null;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  etag: string | null;
}

export type Ask = <T>(service: Service, method: Method, path: string, question?: Question) => Promise<Answer<T>>;

const PATIENCE = 15_000;

export function asking(addresses: Readonly<Record<Service, string>>, token: string, get: typeof fetch): Ask {
  return async <T>(service: Service, method: Method, path: string, question: Question = {}) => {
    const { body, key, etag, signal } = question;
    const headers: Record<string, string> = { accept: "application/json", authorization: `Bearer ${token}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (key) headers["idempotency-key"] = key;
    if (etag) headers["if-match"] = etag;
    const patience = AbortSignal.timeout(PATIENCE);
    const answer = await get(addresses[service] + path, {
      method: method.toUpperCase(),
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Problem(0, "unreachable", `${service} cannot be reached`);
    });
    if (!answer.ok) throw await problemOf(answer);
    const data = (answer.status === 204 ? null : await answer.json()) as T;
    return { data, etag: answer.headers.get("etag") };
  };
}
