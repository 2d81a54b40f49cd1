import { type Lang, LANGS } from "../words/words";
import { useSpeech } from "./speech";

const NAMES: Record<Lang, string> = { zh: "中文", en: "English" };

export function LanguageSwitch({ lang, choose }: { lang: Lang; choose: (part: { lang: Lang }) => void }) {
  const { words } = useSpeech();
  return (
    <div class="switch" role="group" aria-label={words.language}>
      {LANGS.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={each === lang}
          onClick={() => choose({ lang: each })}
        >
          {NAMES[each]}
        </button>
      ))}
    </div>
  );
}
