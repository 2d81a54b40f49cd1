import type { Shown } from "../live/shown";
import { Departments } from "./departments";
import { OpenHandoffs } from "./open-handoffs";
import { Panel } from "./panel";
import { useSpeech } from "./speech";

/** Who keeps whom waiting. */
export function HandoffsPanel({ shown }: { shown: Shown }) {
  const { words } = useSpeech();
  const handoffs = shown.parts.handoffs?.answer;
  return (
    <Panel part="handoffs" shown={shown} title={words.handoffs} sources={["coordination"]}>
      {handoffs && (
        <div class="handoffs-body">
          {handoffs.departments.length > 0 && <Departments departments={handoffs.departments} />}
          <OpenHandoffs open={handoffs.open} />
        </div>
      )}
    </Panel>
  );
}
