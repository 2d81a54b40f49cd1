/** Keeps what is shown true: asks when something changed, and says how far it can be trusted. */

import { businessDay } from "../format/time";
import { rangeOf } from "../select/period";
import { asked as queryOf, momentOf, type Selection } from "../select/selection";
import type { Lang } from "../words/words";
import { type Definition, type Kpis, type Organisation, withLists } from "./answers";
import type { Ask } from "./api";
import { caused, causeOf, measuresOf } from "./causes";
import { type Change, differences, IN_SIGHT, inSight, sums } from "./changes";
import { isLive } from "./connection";
import { followed, isSuspected, stateOf } from "./freshness";
import { type Part, type Question, question } from "./part";
import { KPIS } from "./parts";
import { Problem } from "./problem";
import { type Refresher, refresher } from "./refresher";
import { type Session, TokenWanted } from "./session";
import { initial, reaches, type Shown } from "./shown";
import { stream } from "./stream";

/** How often to ask though nothing was heard: a dead connection can look alive for long. */
const SELDOM = 10_000;
const OFTEN = 5_000;
/** A lag is either gone by then, or lasts. */
const SOON = 1_500;
/** People and teams change rarely. */
const LEARN_AGAIN = 300_000;

export interface Watch {
  /** Ask these from now on. */
  show(parts: readonly Part[], selection: Selection, lang: Lang): void;
  giveToken(token: string): void;
  stop(): void;
}

interface Wanted {
  parts: readonly Part[];
  selection: Selection;
  lang: Lang;
}

const isSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([name, id]) => other.get(name) === id);

export function watch(session: Session, ask: Ask, publish: (shown: Shown) => void): Watch {
  let shown = initial;
  let wanted: Wanted | null = null;
  let changes: Change[] = [];
  let measures = measuresOf([]);
  const causes = caused([], 0);
  let learnt = 0;
  let learning: Promise<void> | null = null;
  const stopped = new AbortController();
  let asked = 0;
  /** Why a part could not be asked the last time. */
  const failures = new Map<string, unknown>();

  function set(next: Partial<Shown>): void {
    shown = { ...shown, ...next };
    publish(shown);
  }

  async function answer({ part, id, path, query }: Question, signal: AbortSignal): Promise<void> {
    const told = part.read(await ask(path, query, signal));
    if (signal.aborted) return;
    const before = shown.parts.get(part.name);
    if (part.name === KPIS && before?.to === id) {
      const because = (kpi: string) => causeOf(measures.get(kpi), causes);
      note(differences((before.answer as Kpis).kpis, (told as Kpis).kpis, Date.now(), because));
    }
    const reach = followed(before?.reach ?? [], told.freshness ?? [], Date.now());
    set({ parts: new Map(shown.parts).set(part.name, { to: id, answer: told, reach }) });
  }

  function note(found: Change[]): void {
    if (found.length === 0) return;
    changes = [...inSight(changes, Date.now()), ...found];
    set({ changes: sums(changes) });
    setTimeout(() => {
      changes = inSight(changes, Date.now());
      set({ changes: sums(changes) });
    }, IN_SIGHT + 50);
  }

  /** Asks the parts that are `mine`, at a pace of their own. */
  const refreshing = (mine: (name: string) => boolean, ...pace: [wait: number, pause: number]): Refresher =>
    refresher((signal) => refresh(mine, signal), ...pace);

  async function refresh(mine: (name: string) => boolean, signal: AbortSignal): Promise<void> {
    if (!wanted) return;
    asked = Date.now();
    const { parts, selection, lang } = wanted;
    const today = businessDay(momentOf(selection, asked));
    const range = rangeOf(selection.period, today);
    const about = { range, today, selection, query: queryOf(range, selection) };
    const all = parts.map((part) => question(part, about, lang));
    const ids = new Map(all.map(({ part, id }) => [part.name, id]));
    if (!isSame(ids, shown.questions)) {
      if (shown.questions.get(KPIS) !== ids.get(KPIS)) changes = [];
      const kept = new Map([...shown.parts].filter(([name]) => ids.has(name)));
      set({ questions: ids, parts: kept, changes: sums(changes) });
    }
    const ours = all.filter(({ part }) => mine(part.name));
    if (ours.length === 0) return;
    if (asked - learnt > LEARN_AGAIN) learning ??= learn().finally(() => (learning = null));
    const results = await Promise.allSettled(ours.map((each) => answer(each, signal)));
    if (signal.aborted) return;
    for (const name of failures.keys()) if (mine(name) || !ids.has(name)) failures.delete(name);
    for (const [at, result] of results.entries()) {
      if (result.status === "rejected") failures.set(ours[at]!.part.name, result.reason);
    }
    report();
    const failed = ours.find(({ part }) => failures.has(part.name));
    if (failed) throw failures.get(failed.part.name);
  }

  // Numbers first: what else there is to ask would only make them wait for an answer.
  const refreshers = [
    refreshing((name) => name === KPIS, 50, 0),
    refreshing((name) => name !== KPIS, 250, 100),
  ];
  const again = (): void => refreshers.forEach((each) => each.ask());
  const restart = (): void => refreshers.forEach((each) => each.restart());

  function report(): void {
    const reasons = [...failures.values()];
    const unsigned = reasons.find((reason) => reason instanceof TokenWanted);
    // What the question itself is to blame for; the service's own troubles only show as stale.
    const refusal = reasons.find((reason) => reason instanceof Problem && reason.status < 500);
    const failing = failures.size > 0;
    set({
      failed: [...failures.keys()],
      token: !unsigned ? "fine" : unsigned.refused ? "refused" : "wanted",
      door: session.door(),
      problem: refusal instanceof Problem ? refusal.message : null,
      health: { ...shown.health, failing, good: failing ? shown.health.good : Date.now() },
    });
  }

  async function learn(): Promise<void> {
    const none = new URLSearchParams();
    const { signal } = stopped;
    try {
      const organisation = withLists<Organisation>(
        await ask("/organisation", none, signal),
        "teams",
        "people",
        "lines",
      );
      measures = measuresOf((await ask("/kpis/definitions", none, signal)) as Definition[]);
      learnt = Date.now();
      set({ organisation });
      meet(organisation.lines);
    } catch {
      // The filters' names can wait for the next refresh; the numbers say themselves when they cannot.
    }
  }

  function meet(met: readonly string[]): void {
    const lines = new Set([...shown.lines, ...met]);
    if (lines.size > shown.lines.length) set({ lines: [...lines].sort() });
  }

  const changesHeard = stream(async () => `/live?${new URLSearchParams({ token: await session.token() })}`, {
    opened() {
      set({ health: { ...shown.health, open: true } });
      // The service is back: no reason to sit out the wait that its absence earned.
      if (shown.health.failing) restart();
      else again();
    },
    lost() {
      const good = isLive(shown.health) ? Date.now() : shown.health.good;
      set({ health: { ...shown.health, open: false, good } });
      again();
    },
    cells(cells) {
      meet(cells.flatMap(({ line }) => line || []));
      for (const [measure, cause] of caused(cells, Date.now())) causes.set(measure, cause);
      if (!wanted?.selection.asOf) again(); // the past does not change
    },
  });

  function patience(): number {
    const all = reaches(shown);
    if (all.some(isSuspected)) return SOON;
    return isLive(shown.health) && stateOf(all) === "fresh" ? SELDOM : OFTEN;
  }

  const clock = setInterval(() => {
    if (Date.now() - asked >= patience()) again();
  }, 500);

  const online = (): void => {
    changesHeard.reopen();
    restart();
  };
  const seen = (): void => {
    if (document.visibilityState === "visible") again();
  };
  // A browser that keeps the page to come back to keeps its connections too, of which it has only six.
  const left = (): void => changesHeard.close();
  const cameBack = (event: PageTransitionEvent): void => {
    if (event.persisted) online();
  };
  addEventListener("online", online);
  addEventListener("pagehide", left);
  addEventListener("pageshow", cameBack);
  document.addEventListener("visibilitychange", seen);

  return {
    show(parts, selection, lang) {
      wanted = { parts, selection, lang };
      restart();
    },
    giveToken(token) {
      session.give(token);
      online();
    },
    stop() {
      clearInterval(clock);
      removeEventListener("online", online);
      removeEventListener("pagehide", left);
      removeEventListener("pageshow", cameBack);
      document.removeEventListener("visibilitychange", seen);
      changesHeard.close();
      stopped.abort();
      for (const each of refreshers) each.stop();
    },
  };
}
