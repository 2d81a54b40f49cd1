import type { ComponentChildren } from "preact";

import { writePlace } from "../desk/address";
import { type KindName, thingOf } from "../desk/kinds";
import type { Lang } from "../words/words";
import { useSpeech } from "./speech";

/** Where the staff see a thing with its history, and work on it; null for what has no page there. */
export function deskOf(stream: string, lang: Lang): string | null {
  const thing = thingOf(stream);
  return thing && `desk/${writePlace({ ...thing, where: {}, theme: null, lang })}`;
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
      href={`desk/${writePlace({ kind, id: null, where, theme: null, lang })}`}
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
