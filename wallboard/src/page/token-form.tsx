import { useState } from "preact/hooks";

interface Props {
  /** Why a token is asked for. */
  why: string;
  label: string;
  use: string;
  give: (token: string) => void;
}

/** Who looks or works here is told by a token; it is kept here. */
export function TokenForm({ why, label, use, give }: Props) {
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
        <p id="token-why">{why}</p>
        <label class="field">
          <span class="field-name">{label}</span>
          <input
            id="token"
            type="password"
            autoComplete="off"
            aria-describedby="token-why"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main">
          {use}
        </button>
      </form>
    </main>
  );
}
