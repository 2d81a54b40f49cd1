import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import { DoorForm } from "../../door/form";
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
import type { Person } from "../signed-in";
import { deskWordsOf } from "../words/desk";
import { type Desk, DeskOf } from "./desk";
import { usePerson } from "./use-person";
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
  const { person, door, why, giveToken, leave } = usePerson();
  const [told, setTold] = useState("");
  const [, heard] = useState(0);
  const [may, setMay] = useState<May>(() => everything);

  const ask = useMemo(() => person && asTheyAre(person, () => leave("refused")), [person, leave]);
  const names = useMemo(() => ask && new Names(ask, () => heard((before) => before + 1)), [ask]);

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
              <button type="button" onClick={() => leave(null)}>
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
      ) : door ? (
        <DoorForm door={door} why={why} />
      ) : door === null ? (
        <TokenForm
          why={why ? words.tokenRefused : words.tokenWanted}
          label={words.token}
          use={words.signIn}
          give={giveToken}
        />
      ) : null}
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
    const { data } = await asking(here, await person.token(), fetch)<Record<Service, string>>("performance", "get", "/services");
    await moveTo(data.performance, person);
    return { ...data, performance: "" };
  };
  return async (service, method, path, question) => {
    const found = (addresses ??= find());
    found.catch(() => {
      if (addresses === found) addresses = null;
    });
    try {
      return await asking(await found, await person.token(), fetch)(service, method, path, question);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) refused();
      throw error;
    }
  };
}

/** The services let this page ask them under one name only: under another (localhost), it moves there. */
async function moveTo(performance: string, { token, door }: Person): Promise<void> {
  const { origin } = new URL(performance);
  if (origin === location.origin || import.meta.env.DEV) return;
  const brought = door ? "" : `#${new URLSearchParams({ token: await token() })}`; // who signed in does so there
  location.replace(`${origin}${location.pathname}${location.search}${brought}`);
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
