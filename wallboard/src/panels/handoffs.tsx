import { handoffs as part } from "../live/parts";
import { answered, type Shown } from "../live/shown";
import { Departments } from "./departments";
import { OpenHandoffs } from "./open-handoffs";
import { Panel } from "./panel";
import { useSpeech } from "../page/speech";

/** Who keeps whom waiting. */
export function HandoffsPanel({ shown }: { shown: Shown }) {
  const { words } = useSpeech();
  const handoffs = answered(shown, part)?.answer;
  return (
    <Panel part={part} kind="handoffs" shown={shown} title={words.handoffs} sources={["coordination"]}>
      {handoffs && (
        <div class="handoffs-body">
          {handoffs.departments.length > 0 && <Departments departments={handoffs.departments} />}
          <OpenHandoffs open={handoffs.open} />
        </div>
      )}
    </Panel>
  );
}
