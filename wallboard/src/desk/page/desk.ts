/** What every part of the desk needs: the language, somebody to ask, and the names of people and customers. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Lang } from "../../words/words";
import type { Place } from "../address";
import type { Ask } from "../ask";
import type { May } from "../may";
import type { Names } from "../names";
import { deskWordsOf, type DeskWords } from "../words/desk";

export interface Desk {
  lang: Lang;
  ask: Ask;
  may: May;
  names: Names;
  place: Place;
  go: (part: Partial<Place>) => void;
  /** Says what was done, to be seen and heard. */
  tell: (what: string) => void;
}

export const DeskOf = createContext<Desk | null>(null);

export function useDesk(): Desk & { words: DeskWords } {
  const desk = useContext(DeskOf);
  if (!desk) throw new Error("there is no desk here");
  return { ...desk, words: deskWordsOf(desk.lang) };
}
