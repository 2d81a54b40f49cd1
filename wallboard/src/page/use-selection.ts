import { useCallback, useEffect, useState } from "preact/hooks";

import { readSelection, type Selection, writeSelection } from "../select/selection";

export type Choose = (part: Partial<Selection>) => void;

/** The selection in the address; choosing writes it there, and Back undoes it. */
export function useSelection(): [Selection, Choose] {
  const [selection, setSelection] = useState(() => readSelection(location.search));

  useEffect(() => {
    const back = (): void => setSelection(readSelection(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);

  const choose = useCallback<Choose>((part) => {
    const next = { ...readSelection(location.search), ...part };
    history.pushState(null, "", location.pathname + writeSelection(next));
    setSelection(next);
  }, []);

  return [selection, choose];
}
