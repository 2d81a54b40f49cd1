import { useState } from "preact/hooks";

import { KINDS, kindOf } from "../kinds";
import { listedAt } from "../kinds/kind";
import { named } from "../../words/names";
import { DealBoard } from "./deal-board";
import { useDesk } from "./desk";
import { File } from "./file";
import { List } from "./list";
import { New } from "./new";
import { ProblemOf } from "./problem";
import { To } from "./to";
import { type Command, useCommand } from "./use-command";

/** The things, and the one that is being worked on. */
export function Work() {
  const { lang, may, names, place, words } = useDesk();
  const { kind, id, where } = place;
  const { start, form, problem } = useCommand();
  const [changed, setChanged] = useState(0);
  const counted = (command: Command): Promise<void> =>
    start({
      ...command,
      done: (made) => {
        command.done(made);
        setChanged((before) => before + 1);
        void names.learnOrganisation().catch(() => undefined);
      },
    });
  const byStage = kind === "deals" && where.view !== "list";

  return (
    <>
      <nav class="boards" aria-label={words.things}>
        {KINDS.filter((each) => may("get", listedAt(kindOf(each)))).map((each) => (
          <To key={each} kind={each} current={each === kind}>
            {named("kind", each, lang)}
          </To>
        ))}
      </nav>
      <main class="desk" data-kind={kind}>
        {problem && <ProblemOf problem={problem} />}
        {id === null ? (
          <>
            <div class="desk-head">
              <h2>{named("kind", kind, lang)}</h2>
              {kind === "deals" && (
                <p class="switch">
                  <To kind="deals" current={byStage}>
                    {words.asBoard}
                  </To>
                  <To kind="deals" where={{ view: "list" }} current={!byStage}>
                    {words.asList}
                  </To>
                </p>
              )}
              <New kind={kind} main start={counted} />
            </div>
            {byStage ? <DealBoard start={counted} changed={changed} /> : <List key={kind} start={counted} changed={changed} />}
          </>
        ) : (
          <File key={`${kind}/${id}`} kind={kind} id={id} start={counted} />
        )}
      </main>
      {form}
    </>
  );
}
