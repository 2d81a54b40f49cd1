import { useEffect, useRef, useState } from "preact/hooks";

import type { Fetch } from "../live/api";
import { explained, type Explanation, pinned } from "../live/explanation";

export interface Explained {
  /** The first page, with the contributions of all that were asked for. */
  explanation: Explanation | null;
  busy: boolean;
  /** Why it could not be asked; empty when it could. */
  problem: string;
  more: () => void;
}

/** Asks once for each question, and for its next page when told; numbers do not move under a reader. */
export function useExplanation(fetched: Fetch, query: URLSearchParams): Explained {
  const [explanation, set] = useState<Explanation | null>(null);
  const [busy, setBusy] = useState(true);
  const [problem, setProblem] = useState("");
  const asked = useRef(new AbortController());
  const question = query.toString();

  function ask(about: URLSearchParams, join: (page: Explanation) => Explanation): void {
    asked.current.abort();
    const { signal } = (asked.current = new AbortController());
    setBusy(true);
    setProblem("");
    explained(fetched, about, signal)
      .then((page) => set(join(page)))
      .catch((error: unknown) => !signal.aborted && setProblem(String((error as Error).message)))
      .finally(() => !signal.aborted && setBusy(false));
  }

  useEffect(() => {
    ask(query, (page) => page);
    return () => asked.current.abort();
  }, [question]);

  function more(): void {
    if (explanation?.next == null) return;
    const next = pinned(query, explanation);
    next.set("cursor", explanation.next);
    ask(next, ({ items, next: after }) => ({ ...explanation, items: [...explanation.items, ...items], next: after }));
  }

  return { explanation, busy, problem, more };
}
