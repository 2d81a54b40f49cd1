import { useCallback, useEffect, useState } from "preact/hooks";

import { readSelection, type Selection, writeSelection } from "../select/selection";

/** `silently`: Back does not undo it. */
export type Choose = (part: Partial<Selection>, how?: "silently") => void;

/** The selection in the address; choosing writes it there, and Back undoes it. */
export function useSelection(): [Selection, Choose] {
  const [selection, setSelection] = useState(() => readSelection(location.search));

  useEffect(() => {
    const back = (): void => setSelection(readSelection(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);

  const choose = useCallback<Choose>((part, how) => {
    const next = { ...readSelection(location.search), ...part };
    const address = location.pathname + writeSelection(next);
    if (how === "silently") history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    setSelection(next);
  }, []);

  return [selection, choose];
}
