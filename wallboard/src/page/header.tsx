import { ZONE } from "../format/house";
import { timeOfDay } from "../format/time";
import { SignOut } from "../door/form";
import { reaches, type Shown } from "../live/shown";
import { Worst } from "../panels/fresh";
import type { Selection } from "../select/selection";
import { ConnectionState } from "./connection-state";
import { Filters } from "./filters";
import { LanguageSwitch } from "./language-switch";
import { Navigation } from "./navigation";
import { PeriodPicker } from "./period-picker";
import { useSpeech } from "./speech";
import { ThemeSwitch } from "./theme-switch";
import type { Choose } from "./use-selection";

interface Props {
  shown: Shown;
  selection: Selection;
  choose: Choose;
  watchOnWall: () => void;
  lookBack: () => void;
}

export function Header({ shown, selection, choose, watchOnWall, lookBack }: Props) {
  const { lang, words } = useSpeech();
  const asOf = [...shown.parts.values()][0]?.answer.as_of;
  return (
    <header class="header">
      <h1 class="brand">{words.title}</h1>
      <Navigation selection={selection} choose={choose} />
      <a class="away" href={`desk/?lang=${lang}`}>
        {words.desk}
      </a>
      <div class="state">
        <ConnectionState health={shown.health} />
        <time class="as-of" dateTime={asOf ?? ""} title={asOf ? `${asOf} · ${ZONE}` : ""}>
          {asOf ? words.asOf(timeOfDay(Date.parse(asOf))) : " "}
        </time>
        <Worst reaches={reaches(shown)} />
        <LanguageSwitch lang={lang} choose={choose} />
        <ThemeSwitch theme={selection.theme} choose={choose} />
        {shown.door && shown.token === "fine" && <SignOut door={shown.door} />}
      </div>
      <form class="controls" onSubmit={(event) => event.preventDefault()}>
        <PeriodPicker selection={selection} choose={choose} />
        <Filters shown={shown} selection={selection} choose={choose} />
        <div class="modes">
          <button type="button" aria-pressed={selection.asOf !== null} title={`${words["past.look"]} (B)`} onClick={lookBack}>
            <span aria-hidden="true">◷</span> {words["past.look"]}
          </button>
          <button type="button" title={`${words["tv.watch"]} (T)`} onClick={watchOnWall}>
            {words["tv.watch"]}
          </button>
        </div>
      </form>
    </header>
  );
}
