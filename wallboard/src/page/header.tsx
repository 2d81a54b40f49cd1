import { timeOfDay, ZONE } from "../format/time";
import { PARTS, type Shown } from "../live/shown";
import type { Selection } from "../select/selection";
import { ConnectionState } from "./connection-state";
import { Filters } from "./filters";
import { Worst } from "./fresh";
import { LanguageSwitch } from "./language-switch";
import { PeriodPicker } from "./period-picker";
import { useSpeech } from "./speech";
import type { Choose } from "./use-selection";

interface Props {
  shown: Shown;
  selection: Selection;
  choose: Choose;
}

export function Header({ shown, selection, choose }: Props) {
  const { lang, words } = useSpeech();
  const asOf = shown.parts.kpis?.answer.as_of;
  return (
    <header class="header">
      <h1 class="brand">{words.title}</h1>
      <form class="controls" onSubmit={(event) => event.preventDefault()}>
        <PeriodPicker period={selection.period} choose={choose} />
        <Filters shown={shown} selection={selection} choose={choose} />
      </form>
      <div class="state">
        <ConnectionState health={shown.health} />
        <time class="as-of" dateTime={asOf ?? ""} title={asOf ? `${asOf} · ${ZONE}` : ""}>
          {asOf ? words.asOf(timeOfDay(Date.parse(asOf))) : " "}
        </time>
        <Worst reaches={PARTS.flatMap((part) => shown.parts[part]?.reach ?? [])} />
        <LanguageSwitch lang={lang} choose={choose} />
      </div>
    </header>
  );
}
