import { useEffect, useRef, useState } from "preact/hooks";

import { asking } from "../live/api";
import { type Board, board } from "../live/board";
import { session } from "../live/session";
import { initial, type Shown } from "../live/shown";
import type { Selection } from "../select/selection";
import type { Lang } from "../words/words";

/** What the service answers for a selection, kept live as long as the page stands. */
export function useBoard(selection: Selection, lang: Lang): [Shown, (token: string) => void] {
  const [shown, setShown] = useState<Shown>(initial);
  const running = useRef<Board | null>(null);

  useEffect(() => {
    const get: typeof fetch = (...request) => fetch(...request);
    const signedIn = session(get, sessionStorage);
    running.current = board(signedIn, asking(signedIn, get), setShown);
    return () => running.current?.stop();
  }, []);

  useEffect(() => running.current?.show(selection, lang), [selection, lang]);

  return [shown, (token) => running.current?.giveToken(token)];
}
