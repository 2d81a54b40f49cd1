import { useEffect, useRef, useState } from "preact/hooks";

import { partsOf } from "../boards";
import { asking, type Fetch, fetching } from "../live/api";
import { session } from "../live/session";
import { initial, type Shown } from "../live/shown";
import { type Watch, watch } from "../live/watch";
import type { Selection } from "../select/selection";
import type { Lang } from "../words/words";

interface Watched {
  shown: Shown;
  giveToken: (token: string) => void;
  /** Asks for anything else with the same token. */
  fetched: Fetch;
}

const get: typeof fetch = (...request) => fetch(...request);

/** What the service answers for a selection, kept live as long as the page stands. */
export function useWatch(selection: Selection, lang: Lang): Watched {
  const [shown, setShown] = useState<Shown>(initial);
  const [signedIn] = useState(() => session(get, sessionStorage));
  const [fetched] = useState(() => fetching(signedIn, get));
  const running = useRef<Watch | null>(null);

  useEffect(() => {
    running.current = watch(signedIn, asking(fetched), setShown);
    return () => running.current?.stop();
  }, [signedIn, fetched]);

  useEffect(() => running.current?.show(partsOf(selection), selection, lang), [selection, lang]);

  return { shown, giveToken: (token) => running.current?.giveToken(token), fetched };
}
