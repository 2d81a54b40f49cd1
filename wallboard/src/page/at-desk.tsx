import type { ComponentChildren } from "preact";

import { type KindName, kindOfCategory } from "../desk/kinds";
import { useSpeech } from "./speech";

/** Where the staff see a thing with its history, and work on it; null for what has no page there. */
export function deskOf(stream: string, lang: string): string | null {
  const [category = ""] = stream.split("-", 1);
  const kind = kindOfCategory(category);
  const id = stream.slice(category.length + 1);
  return kind && id ? `desk/?${new URLSearchParams({ at: `${kind}/${id}`, lang })}` : null;
}

interface ListedProps {
  kind: KindName;
  /** How the list is narrowed down: the question of the service that keeps it. */
  where: Readonly<Record<string, string>>;
  children: ComponentChildren;
}

/** A number of things; a link to the list of them at the desk. */
export function ListedAtDesk({ kind, where, children }: ListedProps) {
  const { lang, words } = useSpeech();
  return (
    <a
      class="opens"
      href={`desk/?${new URLSearchParams({ at: kind, ...where, lang })}`}
      target="_blank"
      rel="noreferrer"
      title={words["explain.listed"]}
    >
      {children}
    </a>
  );
}

/** A thing by its stream's name, such as `deal-42`; a link to its page at the desk where it has one. */
export function AtDesk({ stream, children }: { stream: string; children: ComponentChildren }) {
  const { lang, words } = useSpeech();
  const desk = deskOf(stream, lang);
  if (!desk) return <>{children}</>;
  return (
    <a href={desk} target="_blank" rel="noreferrer" title={words["explain.link"]}>
      {children}
    </a>
  );
}
