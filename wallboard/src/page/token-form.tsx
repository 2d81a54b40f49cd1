import { useState } from "preact/hooks";

import { useSpeech } from "./speech";

/** Where the service hands out no token, a person gives one; it stays in this tab. */
export function TokenForm({ refused, give }: { refused: boolean; give: (token: string) => void }) {
  const { words } = useSpeech();
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
        <p id="token-why">{refused ? words["token.refused"] : words["token.wanted"]}</p>
        <label class="field">
          <span class="field-name">{words["token.label"]}</span>
          <input
            id="token"
            type="password"
            autoComplete="off"
            aria-describedby="token-why"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit">{words["token.use"]}</button>
      </form>
    </main>
  );
}
