import type { ComponentChildren } from "preact";

import { writePlace } from "../address";
import type { KindName } from "../kinds";
import { useDesk } from "./desk";

interface Props {
  kind: KindName;
  id?: string;
  where?: Readonly<Record<string, string>>;
  current?: boolean;
  children: ComponentChildren;
}

/** A link to a list or to one thing; it can be opened in a tab of its own. */
export function To({ kind, id, where = {}, current = false, children }: Props) {
  const { place, go } = useDesk();
  const part = { kind, id: id ?? null, where };
  return (
    <a
      href={writePlace({ ...place, ...part })}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(part);
      }}
    >
      {children}
    </a>
  );
}
