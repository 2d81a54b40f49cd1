/** The language the page speaks, for every component below. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import { type Lang, type Words, wordsOf } from "../words/words";

export const Language = createContext<Lang>("en");

export function useSpeech(): { lang: Lang; words: Words } {
  const lang = useContext(Language);
  return { lang, words: wordsOf(lang) };
}
