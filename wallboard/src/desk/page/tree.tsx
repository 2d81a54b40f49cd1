import type { components } from "../../contract/performance";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import { Value } from "./value";

export type Node = components["schemas"]["NodeView"];

interface Props {
  node: Node;
  split: (key: string) => void;
}

/** A plan's tree: each part with its three levels, and how it was split. */
export function Tree({ node, split }: Props) {
  const { lang } = useDesk();
  return (
    <section class="rows">
      <h3>{named("field", "tree", lang)}</h3>
      <ul class="tree">
        <Branch node={node} split={split} />
      </ul>
    </section>
  );
}

function Branch({ node, split }: Props) {
  const { lang } = useDesk();
  const { key, scope, levels, by, children } = node;
  return (
    <li data-node={key}>
      <div class="branch">
        <Value name="scope" value={scope} />
        <Value name="levels" value={levels} />
        {by && <span class="note">{named("value", by, lang)}</span>}
        <button type="button" onClick={() => split(key)}>
          {named("step", "split", lang)}
        </button>
      </div>
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <Branch key={child.key} node={child} split={split} />
          ))}
        </ul>
      )}
    </li>
  );
}
