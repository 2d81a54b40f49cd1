import type { Organisation } from "../live/answers";
import type { Shown } from "../live/shown";
import { type Filter, FILTERS, type Selection } from "../select/selection";
import { named } from "../words/names";
import type { Lang } from "../words/words";
import { type Option, SelectField } from "./field";
import { useSpeech } from "./speech";
import type { Choose } from "./use-selection";

/** Narrow the board to a person, a team, a region or a product line. */
export function Filters({ shown, selection, choose }: { shown: Shown; selection: Selection; choose: Choose }) {
  const { lang, words } = useSpeech();
  const known = options(shown.organisation, shown.lines, selection, lang);
  return (
    <>
      {FILTERS.map((filter) => (
        <SelectField
          key={filter}
          name={words[`filter.${filter}`]}
          id={filter}
          value={selection[filter]}
          options={[{ value: "", text: words["filter.every"] }, ...withChosen(known[filter], selection[filter])]}
          choose={(value) => choose(narrowed(filter, value))}
        />
      ))}
    </>
  );
}

/** Another team, region or department lets go of what may not be in it. */
function narrowed(filter: Filter, value: string): Partial<Selection> {
  if (filter === "department") return { department: value, region: "", team: "", person: "" };
  if (filter === "region") return { region: value, team: "", person: "" };
  if (filter === "team") return { team: value, person: "" };
  return { [filter]: value };
}

function options(
  { teams, people }: Organisation,
  lines: readonly string[],
  { department, team, region }: Selection,
  lang: Lang,
): Record<Filter, Option[]> {
  const member = ({ id, name }: { id: string; name: string }): Option => ({ value: id, text: name });
  const plain = (text: string): Option => ({ value: text, text });
  const sorted = (list: Option[]): Option[] => list.sort((a, b) => a.text.localeCompare(b.text, lang));
  const within = teams.filter((each) => !department || each.department === department);
  const near = within.filter((each) => !region || each.region === region);
  const inside = new Set(near.filter((each) => !team || each.id === team).map(({ id }) => id));
  const everyone = !team && !region && !department;
  return {
    person: sorted(people.filter((each) => everyone || inside.has(each.team_id ?? "")).map(member)),
    team: sorted(near.map(member)),
    region: sorted([...new Set(within.flatMap((each) => each.region ?? []))].map(plain)),
    department: sorted(
      [...new Set(teams.map((each) => each.department))].map((slug) => ({
        value: slug,
        text: named("department", slug, lang),
      })),
    ),
    line: sorted(lines.map(plain)),
  };
}

/** What the address names stays choosable although nobody told of it yet. */
function withChosen(list: Option[], chosen: string): Option[] {
  if (!chosen || list.some(({ value }) => value === chosen)) return list;
  return [{ value: chosen, text: chosen }, ...list];
}
