import { plain } from "../format/number";
import { span } from "../format/time";
import type { Department } from "../live/answers";
import { named } from "../words/names";
import { ListedAtDesk } from "../page/at-desk";
import { useSpeech } from "../page/speech";

/** Each department's hand-offs waiting, in work and overdue, with the time they took. */
export function Departments({ departments }: { departments: readonly Department[] }) {
  const { lang, words } = useSpeech();
  return (
    <table class="departments">
      <thead>
        <tr>
          <th scope="col">{words["handoffs.department"]}</th>
          <th scope="col">{words["handoffs.waiting"]}</th>
          <th scope="col">{words["handoffs.working"]}</th>
          <th scope="col">{words["handoffs.breached"]}</th>
        </tr>
      </thead>
      <tbody>
        {departments.map((each) => (
          <tr key={each.department} data-department={each.department}>
            <th scope="row">{named("department", each.department, lang)}</th>
            <td data-value={each.waiting}>
              <Listed of={each.department} state="waiting" count={each.waiting} /> <Took seconds={each.waiting_seconds} />
            </td>
            <td data-value={each.working}>
              <Listed of={each.department} state="working" count={each.working} /> <Took seconds={each.working_seconds} />
            </td>
            <td data-value={each.breached} class={each.breached > 0 ? "late" : ""}>
              {each.breached > 0 && <span aria-hidden="true">⚠ </span>}
              {plain(each.breached, lang)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The hand-offs themselves are at the desk. */
function Listed({ of, state, count }: { of: string; state: string; count: number }) {
  const { lang } = useSpeech();
  return (
    <ListedAtDesk kind="handoffs" where={{ department: of, state }}>
      {plain(count, lang)}
    </ListedAtDesk>
  );
}

function Took({ seconds }: { seconds: number }) {
  const { lang } = useSpeech();
  return seconds > 0 ? <small>{span(seconds, lang)}</small> : null;
}
