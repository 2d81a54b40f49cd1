import { businessDay } from "../format/time";
import { dayAfter, isDay, type Preset, PRESETS, type Range, rangeOf } from "../select/period";
import { momentOf, type Selection } from "../select/selection";
import { Field, SelectField } from "./field";
import { useSpeech } from "./speech";
import { useNow } from "./use-now";
import type { Choose } from "./use-selection";

const CUSTOM = "custom";

/** This month and its like, or two days; the last day is shown as people say it: included. */
export function PeriodPicker({ selection, choose }: { selection: Selection; choose: Choose }) {
  const { words } = useSpeech();
  const { period } = selection;
  const today = businessDay(momentOf(selection, useNow(60_000)));
  const custom = "range" in period ? period.range : null;
  const isAll = "preset" in period && period.preset === "all";

  function pick(value: string): void {
    if (value !== CUSTOM) return choose({ period: { preset: value as Preset } });
    choose({ period: { range: rangeOf(isAll ? { preset: "year" } : period, today) } });
  }

  return (
    <>
      <SelectField
        name={custom || isAll ? words.period : `${words.period} · ${days(rangeOf(period, today))}`}
        broad
        id="period"
        value={custom ? CUSTOM : (period as { preset: Preset }).preset}
        options={[...PRESETS, CUSTOM].map((each) => ({ value: each, text: words[`period.${each as Preset | "custom"}`] }))}
        choose={pick}
      />
      {custom && <Days range={custom} choose={(range) => choose({ period: { range } })} />}
    </>
  );
}

/** 2025-11-01 – 11-30: the first and the last day that count. */
function days({ from, to }: Range): string {
  const last = dayAfter(to, -1);
  return `${from} – ${last.startsWith(from.slice(0, 4)) ? last.slice(5) : last}`;
}

function Days({ range, choose }: { range: Range; choose: (range: Range) => void }) {
  const { words } = useSpeech();
  const last = dayAfter(range.to, -1);

  function pick(from: string, until: string): void {
    // A date field is empty or half written while somebody types.
    if (isDay(from) && isDay(until) && from <= until) choose({ from, to: dayAfter(until) });
  }

  return (
    <>
      <Field name={words["period.from"]}>
        <input type="date" id="from" value={range.from} max={last} onChange={(e) => pick(e.currentTarget.value, last)} />
      </Field>
      <Field name={words["period.until"]}>
        <input type="date" id="until" value={last} min={range.from} onChange={(e) => pick(range.from, e.currentTarget.value)} />
      </Field>
    </>
  );
}
