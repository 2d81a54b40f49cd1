/** What the desk shows, as it stands in the address's query: `?at=deals/d1&state=open&lang=zh`. */

import { THEMES, type Theme } from "../select/selection";
import { LANGS, type Lang } from "../words/words";
import { isKind, type KindName } from "./kinds";

export interface Place {
  kind: KindName;
  /** The one thing that is shown; null for the list of them. */
  id: string | null;
  /** How the list is narrowed down: the service's own query, such as `state=open`. */
  where: Readonly<Record<string, string>>;
  theme: Theme | null;
  /** Null until somebody chooses: then the browser's language holds. */
  lang: Lang | null;
}

const OURS = ["at", "theme", "lang"];

export function readPlace(query: string): Place {
  const asked = new URLSearchParams(query);
  const [kind = "", ...rest] = (asked.get("at") ?? "").split("/");
  return {
    kind: isKind(kind) ? kind : "deals",
    id: isKind(kind) ? rest.join("/") || null : null,
    where: Object.fromEntries([...asked].filter(([name, value]) => !OURS.includes(name) && value)),
    theme: THEMES.find((each) => each === asked.get("theme")) ?? null,
    lang: LANGS.find((each) => each === asked.get("lang")) ?? null,
  };
}

export function writePlace({ kind, id, where, theme, lang }: Place): string {
  const query = new URLSearchParams({ at: id === null ? kind : `${kind}/${id}` });
  if (id === null) for (const [name, value] of Object.entries(where)) if (value) query.set(name, value);
  if (theme) query.set("theme", theme);
  if (lang) query.set("lang", lang);
  return `?${query}`.replace("%2F", "/");
}
