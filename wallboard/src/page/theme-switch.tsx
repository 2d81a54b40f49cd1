import { type Theme, THEMES } from "../select/selection";
import { useSpeech } from "./speech";

const SIGNS: Record<Theme, string> = { dark: "☾", light: "☀" };

interface Props {
  theme: Theme | null;
  choose: (part: { theme: Theme | null }) => void;
}

export function ThemeSwitch({ theme, choose }: Props) {
  const { words } = useSpeech();
  return (
    <div class="switch" role="group" aria-label={words.theme}>
      {THEMES.map((each) => (
        <button
          key={each}
          type="button"
          aria-label={words[`theme.${each}`]}
          title={words[`theme.${each}`]}
          aria-pressed={each === theme}
          onClick={() => choose({ theme: each === theme ? null : each })}
        >
          <span aria-hidden="true">{SIGNS[each]}</span>
        </button>
      ))}
    </div>
  );
}
