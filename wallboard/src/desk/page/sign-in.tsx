import { useState } from "preact/hooks";

import type { DeskWords } from "../words/desk";

interface Props {
  words: DeskWords;
  refused: boolean;
  give: (token: string) => void;
}

/** Nobody works here yet: a token says who does. */
export function SignIn({ words, refused, give }: Props) {
  const [token, setToken] = useState("");
  return (
    <main class="token">
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim()) give(token.trim());
        }}
      >
        <p id="token-why">{refused ? words.tokenRefused : words.tokenWanted}</p>
        <label class="field">
          <span class="field-name">{words.token}</span>
          <input
            type="password"
            autoComplete="off"
            aria-describedby="token-why"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main">
          {words.signIn}
        </button>
      </form>
    </main>
  );
}
