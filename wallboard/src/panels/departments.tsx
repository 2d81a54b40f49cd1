import { plain } from "../format/number";
import { span } from "../format/time";
import type { Department } from "../live/answers";
import { named } from "../words/names";
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
              {plain(each.waiting, lang)} <Took seconds={each.waiting_seconds} />
            </td>
            <td data-value={each.working}>
              {plain(each.working, lang)} <Took seconds={each.working_seconds} />
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

function Took({ seconds }: { seconds: number }) {
  const { lang } = useSpeech();
  return seconds > 0 ? <small>{span(seconds, lang)}</small> : null;
}
