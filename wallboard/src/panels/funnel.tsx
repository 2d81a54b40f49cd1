import { figure, plain, said } from "../format/number";
import type { Funnel, Stage } from "../live/answers";
import type { Figure } from "../live/explanation";
import { funnel as part } from "../live/parts";
import { answered, type Shown } from "../live/shown";
import { skippedOf, stepOf, waysOf } from "../words/bar";
import { Bar } from "./bar";
import { Opens } from "./opens";
import { Panel } from "./panel";
import { ListedAtDesk } from "../page/at-desk";
import { useSpeech } from "../page/speech";

/** How far the deals opened in the period came. */
export function FunnelPanel({ shown, open }: { shown: Shown; open: (figure: Figure) => void }) {
  const { words } = useSpeech();
  const funnel = answered(shown, part)?.answer;
  const most = Math.max(1, ...(funnel?.stages.map(({ implied }) => implied) ?? []));
  const means = (field: string) => funnel?.definitions?.[field];
  return (
    <Panel
      part={part}
      kind="funnel"
      shown={shown}
      title={words.funnel}
      sources={["customers", "performance"]}
      note={words["funnel.note"]}
    >
      {funnel && isEmpty(funnel) && <p class="nothing">{words["funnel.none"]}</p>}
      {funnel && !isEmpty(funnel) && (
        <table class="funnel-table">
          <thead>
            <tr>
              <th scope="col">{words["funnel.stage"]}</th>
              <th scope="col" class="wide" title={means("implied")}>
                {words["funnel.implied"]}
              </th>
              <th scope="col" title={means("conversion")}>
                {words["funnel.conversion"]}
              </th>
              <th scope="col" title={means("standing")}>
                {words["funnel.standing"]}
              </th>
              <th scope="col" class="amount" title={means("amount")}>
                {words["funnel.amount"]}
              </th>
            </tr>
          </thead>
          <tbody>
            {funnel.stages.map((stage) =>
              stage.stage === "won" ? (
                <WonRow key="won" stage={stage} most={most} open={open} />
              ) : (
                <StageRow key={stage.stage} stage={stage} most={most} open={open} />
              ),
            )}
            <tr class="end lost" data-stage="lost">
              <th scope="row" title={means("lost")}>
                <span aria-hidden="true">✕</span> {words["funnel.lost"]}
              </th>
              <td class="wide" data-value={funnel.lost}>
                <Measured count={funnel.lost} most={most} kind="lost" />
              </td>
              <td colSpan={3} />
            </tr>
          </tbody>
        </table>
      )}
    </Panel>
  );
}

const isEmpty = ({ stages, won, lost }: Funnel): boolean =>
  won + lost === 0 && stages.every(({ implied }) => implied === 0);

interface RowProps {
  stage: Stage;
  most: number;
  open: (figure: Figure) => void;
}

function StageRow({ stage, most, open }: RowProps) {
  const { lang, words } = useSpeech();
  const amounts = stage.amount.map(({ unit, value }) => figure(value, unit, lang));
  const together = amounts.map(said).join(" ") || "—";
  const skipped = skippedOf(stage, words, lang);
  return (
    <tr data-stage={stage.stage}>
      <th scope="row">
        {stage.label}
        {skipped && <small class="skipped">{skipped}</small>}
        <small class="amount-below">{together}</small>
      </th>
      <td class="wide" data-value={stage.implied} title={waysOf(stage, words, lang)}>
        <Measured count={stage.implied} most={most} />
      </td>
      <Step stage={stage} open={open} />
      <td>
        <ListedAtDesk kind="deals" where={{ view: "list", state: "open", stage: stage.stage }}>
          {plain(stage.standing, lang)}
        </ListedAtDesk>
      </td>
      <td class="amount" title={amounts.map(({ full }) => full).join(", ")}>
        {together}
      </td>
    </tr>
  );
}

function WonRow({ stage: won, most, open }: RowProps) {
  const { lang, words } = useSpeech();
  return (
    <tr class="end won" data-stage="won">
      <th scope="row">
        <span aria-hidden="true">✓</span> {won.label}
      </th>
      <td class="wide" data-value={won.implied} title={waysOf(won, words, lang)}>
        <Measured count={won.implied} most={most} kind="won" />
      </td>
      <Step stage={won} open={open} />
      <td colSpan={2} />
    </tr>
  );
}

/** The share that came this far; it opens the deals on both sides of it. */
function Step({ stage, open }: Pick<RowProps, "stage" | "open">) {
  const { lang, words } = useSpeech();
  const { conversion } = stage;
  const explained = { name: `conversion_${stage.stage}`, label: `${words["funnel.conversion"]} · ${stage.label}` };
  return (
    <td title={stepOf(stage, words, lang)}>
      {conversion === null ? "—" : <Opens open={() => open(explained)}>{said(figure(conversion, "ratio", lang))}</Opens>}
    </td>
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
