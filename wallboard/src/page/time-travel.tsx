import { useEffect, useState } from "preact/hooks";

import { localMoment, momentIn } from "../format/time";
import { isWhole, type Shown } from "../live/shown";
import { Field } from "./field";
import { useSpeech } from "./speech";
import { useNow } from "./use-now";
import type { Choose } from "./use-selection";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** The slider reaches a year back; the calendar any day. */
const REACH = 365 * DAY;
const STEP = 60 * MINUTE;
/** A day in a minute: so much further each second. */
const A_SECOND_IS = DAY / 60;
const BEAT = 1_000;

interface Props {
  asOf: string;
  shown: Shown;
  choose: Choose;
}

/** Chooses the past moment that is shown, and plays on from it. */
export function TimeTravel({ asOf, shown, choose }: Props) {
  const { words } = useSpeech();
  const [playing, play] = useState(false);
  const now = useNow(MINUTE);
  const at = Date.parse(asOf);
  const go = (to: number): void => choose({ asOf: to < Date.now() ? new Date(to).toISOString() : null }, "silently");
  const arrived = isWhole(shown);

  useEffect(() => {
    if (!playing || !arrived) return undefined; // a slow answer is waited for, not skipped
    const timer = setTimeout(() => go(at + A_SECOND_IS), BEAT);
    return () => clearTimeout(timer);
  }, [playing, arrived, asOf]);

  return (
    <section class="past" aria-label={words["past.look"]}>
      <button type="button" class="play" aria-pressed={playing} title={words["past.pace"]} onClick={() => play(!playing)}>
        <span aria-hidden="true">{playing ? "❚❚" : "▶"}</span> {playing ? words["past.pause"] : words["past.play"]}
      </button>
      <Field name={words["past.moment"]} broad>
        <input
          type="datetime-local"
          id="moment"
          value={localMoment(at)}
          max={localMoment(now)}
          onChange={(event) => {
            const chosen = momentIn(event.currentTarget.value);
            if (chosen !== null) go(chosen);
          }}
        />
      </Field>
      <input
        type="range"
        id="past"
        aria-label={words["past.slider"]}
        aria-valuetext={localMoment(at).replace("T", " ")}
        min={Math.min(at, now - REACH)}
        max={now}
        step={STEP}
        value={at}
        onInput={(event) => go(Number(event.currentTarget.value))}
      />
      <button type="button" class="now" onClick={() => choose({ asOf: null })}>
        {words["past.back"]}
      </button>
    </section>
  );
}
