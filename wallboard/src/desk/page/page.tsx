import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import { LanguageSwitch } from "../../page/language-switch";
import { Language } from "../../page/speech";
import { ThemeSwitch } from "../../page/theme-switch";
import { TokenForm } from "../../page/token-form";
import { preferredLang } from "../../select/selection";
import { type Place, readPlace, writePlace } from "../address";
import { Problem } from "../../live/problem";
import { type Ask, asking } from "../ask";
import type { Service } from "../contract/documents";
import { everything, learnt, type May } from "../may";
import { Names } from "../names";
import { type Person, signedIn, signIn, signOut } from "../signed-in";
import { deskWordsOf } from "../words/desk";
import { type Desk, DeskOf } from "./desk";
import { Work } from "./work";

/** So long what was done is said. */
const TOLD_FOR = 6_000;
/** People join, and products are sold for the first time. */
const LEARN_EVERY = 10_000;

/** The whole desk: who works at it, what is on it. */
export function Page() {
  const [place, go] = usePlace();
  const lang = place.lang ?? preferredLang(navigator.languages);
  const words = deskWordsOf(lang);
  const [person, setPerson] = useState<Person | null>(() => signedIn(location.hash, localStorage));
  const [refused, setRefused] = useState(false);
  const [told, setTold] = useState("");
  const [, heard] = useState(0);
  const [may, setMay] = useState<May>(() => everything);

  const leave = useCallback((because: boolean) => {
    signOut(localStorage);
    setPerson(null);
    setRefused(because);
  }, []);
  const ask = useMemo(() => person && asTheyAre(person, () => leave(true)), [person]);
  const names = useMemo(() => ask && new Names(ask, () => heard((before) => before + 1)), [ask]);

  useEffect(() => {
    // The token was taken out of the address: it is not to be kept in the history or sent around with a link.
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  }, []);
  useEffect(() => {
    if (!ask) return;
    setMay(() => everything);
    void learnt(ask).then((known) => setMay(() => known), () => undefined);
  }, [ask]);
  useEffect(() => {
    if (!names) return;
    const learn = (): void => void names.learnOrganisation().catch(() => undefined);
    learn();
    const timer = setInterval(learn, LEARN_EVERY);
    return () => clearInterval(timer);
  }, [names]);
  useEffect(() => {
    const root = document.documentElement;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    root.dataset.theme = place.theme ?? "";
    document.title = `${words.title} · Baton`;
  }, [lang, place.theme]);
  useEffect(() => {
    if (!told) return;
    const timer = setTimeout(() => setTold(""), TOLD_FOR);
    return () => clearTimeout(timer);
  }, [told]);

  const desk: Desk | null = ask && names && { lang, ask, may, names, place, go, tell: setTold };
  return (
    <Language.Provider value={lang}>
      <header class="header">
        <h1 class="brand">Baton {words.title}</h1>
        <a class="away" href={`../${lang === place.lang ? `?lang=${lang}` : ""}`}>
          {words.boards}
        </a>
        <div class="state">
          {person && (
            <>
              <span class="who">{words.signedInAs(person.id, person.role)}</span>
              <button type="button" onClick={() => leave(false)}>
                {words.signOut}
              </button>
            </>
          )}
          <LanguageSwitch lang={lang} choose={go} />
          <ThemeSwitch theme={place.theme} choose={go} />
        </div>
      </header>
      {desk ? (
        <DeskOf.Provider value={desk}>
          <Work />
        </DeskOf.Provider>
      ) : (
        <TokenForm
          why={refused ? words.tokenRefused : words.tokenWanted}
          label={words.token}
          use={words.signIn}
          give={(token) => setPerson(signIn(token, localStorage))}
        />
      )}
      <p class="told" role="status">
        {told}
      </p>
    </Language.Provider>
  );
}

/** Asks in a person's name; where the services are is asked first, of the one that serves this page. */
function asTheyAre(person: Person, refused: () => void): Ask {
  let addresses: Promise<Record<Service, string>> | null = null;
  const here: Record<Service, string> = { customers: "", orders: "", performance: "", coordination: "" };

  const find = async (): Promise<Record<Service, string>> => {
    const { data } = await asking(here, person.token, fetch)<Record<Service, string>>("performance", "get", "/services");
    moveTo(data.performance, person);
    return { ...data, performance: "" };
  };
  return async (service, method, path, question) => {
    const found = (addresses ??= find());
    found.catch(() => {
      if (addresses === found) addresses = null;
    });
    try {
      return await asking(await found, person.token, fetch)(service, method, path, question);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) refused();
      throw error;
    }
  };
}

/** The services let this page ask them under one name only: under another (localhost), it moves there. */
function moveTo(performance: string, { token }: Person): void {
  const { origin } = new URL(performance);
  if (origin === location.origin || import.meta.env.DEV) return;
  location.replace(`${origin}${location.pathname}${location.search}#${new URLSearchParams({ token })}`);
}

function usePlace(): [Place, (part: Partial<Place>) => void] {
  const [place, setPlace] = useState(() => readPlace(location.search));
  const latest = useRef(place);
  latest.current = place;

  useEffect(() => {
    const back = (): void => setPlace(readPlace(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);

  const go = useCallback((part: Partial<Place>) => {
    const before = latest.current;
    const next = { ...before, ...part };
    const elsewhere = next.kind !== before.kind || next.id !== before.id;
    // Narrowing a list down is no place to come back to, letter by letter.
    history[elsewhere ? "pushState" : "replaceState"](null, "", location.pathname + writePlace(next));
    setPlace(next);
    if (elsewhere) scrollTo(0, 0);
  }, []);
  return [place, go];
}
