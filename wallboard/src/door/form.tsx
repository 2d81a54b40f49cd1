import { useContext, useState } from "preact/hooks";

import { Language } from "../page/speech";
import type { Door, Trouble } from "./door";
import { saidAtDoor } from "./words";

export function SignOut({ door }: { door: Door }) {
  const said = saidAtDoor(useContext(Language));
  return (
    <button type="button" onClick={() => void leaving(door)}>
      {said.leave}
    </button>
  );
}

/** Where the provider has no page for it, this one begins anew. */
const leaving = (door: Door): Promise<void> => door.leave().then(() => location.reload());

/** Leads to the provider's page; says why somebody is here again. */
export function DoorForm({ door, why }: { door: Door; why: Trouble | null }) {
  const said = saidAtDoor(useContext(Language));
  const [away, setAway] = useState(false);
  const trouble = away ? "away" : (why ?? door.trouble);
  return (
    <main class="token">
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          // The provider keeps somebody without a role signed in: it has to let go of them first.
          if (why === "no-post") void leaving(door);
          else door.enter().catch(() => setAway(true));
        }}
      >
        <p id="door-why" data-trouble={trouble ?? ""} role="status">
          {said[trouble ?? "wanted"]}
        </p>
        <button type="submit" class="main">
          {why === "no-post" ? said.leave : said.enter}
        </button>
      </form>
    </main>
  );
}
