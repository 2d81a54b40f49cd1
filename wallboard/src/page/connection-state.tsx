import { timeOfDay } from "../format/time";
import { connection, type Health } from "../live/connection";
import { useSpeech } from "./speech";
import { useNow } from "./use-now";

const SIGNS = { connecting: "○", live: "●", reconnecting: "◌", stale: "▲" } as const;

/** Live, reconnecting or stale since when: by a sign, a word and a colour. */
export function ConnectionState({ health }: { health: Health }) {
  const { words } = useSpeech();
  const now = connection(health, useNow(1_000));
  const said = now.state === "stale" ? words["connection.stale"](timeOfDay(now.since)) : words[`connection.${now.state}`];
  return (
    <span class="connection" data-connection={now.state}>
      <span class="sign" aria-hidden="true">
        {SIGNS[now.state]}
      </span>
      {said}
    </span>
  );
}
