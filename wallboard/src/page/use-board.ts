import { useEffect, useRef, useState } from "preact/hooks";

import { asking, type Fetch, fetching } from "../live/api";
import { type Board, board } from "../live/board";
import { session } from "../live/session";
import { initial, type Shown } from "../live/shown";
import type { Selection } from "../select/selection";
import type { Lang } from "../words/words";

interface Boarded {
  shown: Shown;
  giveToken: (token: string) => void;
  /** Asks for anything else with the same token. */
  fetched: Fetch;
}

const get: typeof fetch = (...request) => fetch(...request);

/** What the service answers for a selection, kept live as long as the page stands. */
export function useBoard(selection: Selection, lang: Lang): Boarded {
  const [shown, setShown] = useState<Shown>(initial);
  const [signedIn] = useState(() => session(get, sessionStorage));
  const [fetched] = useState(() => fetching(signedIn, get));
  const running = useRef<Board | null>(null);

  useEffect(() => {
    running.current = board(signedIn, asking(fetched), setShown);
    return () => running.current?.stop();
  }, [signedIn, fetched]);

  useEffect(() => running.current?.show(selection, lang), [selection, lang]);

  return { shown, giveToken: (token) => running.current?.giveToken(token), fetched };
}
