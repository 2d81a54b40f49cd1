import type { Problem } from "../../live/problem";
import type { DeskWords } from "../words/desk";
import { named } from "../../words/names";
import { refusal } from "../words/refusals";
import { useDesk } from "./desk";
import { To } from "./to";

/** What only a page can say about it. */
function saidOf({ status }: Problem, words: DeskWords): string | null {
  if (status === 0) return words.unreachable;
  return status === 412 ? words.elsewhere : null;
}

/** What a service says against it, in the person's language. */
export function ProblemOf({ problem, text }: { problem: Problem; text?: string }) {
  const { lang, words } = useDesk();
  const said = text ?? saidOf(problem, words) ?? refusal(problem, lang);
  const { existing, department } = problem.more;
  return (
    <p class="problem" role="alert" data-code={problem.code}>
      <span aria-hidden="true">⚠ </span>
      {said}
      {typeof department === "string" && ` (${named("department", department, lang)})`}
      {problem.status >= 500 && problem.more.request_id ? <small> ({String(problem.more.request_id)})</small> : null}
      {typeof existing === "string" && (
        <>
          {" "}
          <To kind="accounts" id={existing}>
            {words.openExisting}
          </To>
        </>
      )}
    </p>
  );
}
