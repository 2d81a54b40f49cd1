import { figure, plain, said } from "../format/number";
import type { Funnel, Stage } from "../live/answers";
import type { Shown } from "../live/shown";
import { Bar } from "./bar";
import { Panel } from "./panel";
import { useSpeech } from "./speech";

/** How far the deals opened in the period came. */
export function FunnelPanel({ shown }: { shown: Shown }) {
  const { words } = useSpeech();
  const funnel = shown.parts.funnel?.answer;
  const most = Math.max(1, ...(funnel?.stages.map(({ reached }) => reached) ?? []));
  return (
    <Panel part="funnel" shown={shown} title={words.funnel} note={words["funnel.note"]}>
      {funnel && isEmpty(funnel) && <p class="nothing">{words["funnel.none"]}</p>}
      {funnel && !isEmpty(funnel) && (
        <table class="funnel-table">
          <thead>
            <tr>
              <th scope="col">{words["funnel.stage"]}</th>
              <th scope="col" class="wide">
                {words["funnel.reached"]}
              </th>
              <th scope="col">{words["funnel.conversion"]}</th>
              <th scope="col">{words["funnel.standing"]}</th>
              <th scope="col" class="amount">
                {words["funnel.amount"]}
              </th>
            </tr>
          </thead>
          <tbody>
            {funnel.stages.map((stage) => (
              <StageRow key={stage.stage} stage={stage} most={most} />
            ))}
            {(["won", "lost"] as const).map((end) => (
              <tr key={end} class={`end ${end}`} data-stage={end}>
                <th scope="row">
                  <span aria-hidden="true">{end === "won" ? "✓" : "✕"}</span> {words[`funnel.${end}`]}
                </th>
                <td class="wide" data-value={funnel[end]}>
                  <Measured count={funnel[end]} most={most} kind={end} />
                </td>
                <td colSpan={3} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

const isEmpty = ({ stages, won, lost }: Funnel): boolean =>
  won + lost === 0 && stages.every(({ reached }) => reached === 0);

function StageRow({ stage, most }: { stage: Stage; most: number }) {
  const { lang } = useSpeech();
  const conversion = stage.conversion === null ? null : figure(stage.conversion, "ratio", lang);
  const amounts = stage.amount.map(({ unit, value }) => figure(value, unit, lang));
  const together = amounts.map(said).join(" ") || "—";
  return (
    <tr data-stage={stage.stage}>
      <th scope="row">
        {stage.label}
        <small class="amount-below">{together}</small>
      </th>
      <td class="wide" data-value={stage.reached}>
        <Measured count={stage.reached} most={most} />
      </td>
      <td title={conversion?.full}>{conversion ? said(conversion) : "—"}</td>
      <td>{plain(stage.standing, lang)}</td>
      <td class="amount" title={amounts.map(({ full }) => full).join(", ")}>
        {together}
      </td>
    </tr>
  );
}

function Measured({ count, most, kind = "" }: { count: number; most: number; kind?: string }) {
  const { lang } = useSpeech();
  return (
    <div class="measured">
      <Bar share={count / most} kind={kind} />
      {plain(count, lang)}
    </div>
  );
}
