/** Keeps what is shown true: asks when something changed, and says how far it can be trusted. */

import type { Selection } from "../select/selection";
import type { Lang } from "../words/words";
import type { Organisation } from "./answers";
import { withLists } from "./answers";
import { type Ask, Refused } from "./api";
import { type Change, differences, IN_SIGHT, inSight, sums } from "./changes";
import { isLive } from "./connection";
import { followed, isSuspected, stateOf } from "./freshness";
import { type Questions, questions } from "./questions";
import { refresher } from "./refresher";
import { type Session, TokenWanted } from "./session";
import { initial, type Part, PARTS, type Parts, type Shown } from "./shown";
import { stream } from "./stream";

/** How often to ask though nothing was heard: a dead connection can look alive for long. */
const SELDOM = 10_000;
const OFTEN = 5_000;
/** A lag is either gone by then, or lasts. */
const SOON = 1_500;
/** People and teams change rarely. */
const LEARN_AGAIN = 300_000;

export interface Board {
  show(selection: Selection, lang: Lang): void;
  giveToken(token: string): void;
  stop(): void;
}

export function board(session: Session, ask: Ask, publish: (shown: Shown) => void): Board {
  let shown = initial;
  let wanted: { selection: Selection; lang: Lang } | null = null;
  let changes: Change[] = [];
  let learnt = 0;
  let asked = 0;

  function set(next: Partial<Shown>): void {
    shown = { ...shown, ...next };
    publish(shown);
  }

  async function fetchPart<P extends Part>(part: P, all: Questions, signal: AbortSignal): Promise<void> {
    const { path, query, id, read } = all[part];
    const answer: Parts[P] = read(await ask(path, query, signal));
    if (signal.aborted) return;
    const before = shown.parts.kpis;
    if (part === "kpis" && before?.to === id) {
      note(differences(before.answer.kpis, (answer as Parts["kpis"]).kpis, Date.now()));
    }
    const reach = followed(shown.parts[part]?.reach ?? [], answer.freshness ?? [], Date.now());
    set({ parts: { ...shown.parts, [part]: { to: id, answer, reach } } });
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

  const refreshes = refresher(async (signal) => {
    if (!wanted) return;
    asked = Date.now();
    const all = questions(wanted.selection, wanted.lang, asked);
    if (shown.questions.kpis !== all.kpis.id) changes = [];
    const ids = Object.fromEntries(PARTS.map((part) => [part, all[part].id]));
    set({ questions: ids, changes: sums(changes) });
    if (asked - learnt > LEARN_AGAIN) void learn(signal);
    const results = await Promise.allSettled(PARTS.map((part) => fetchPart(part, all, signal)));
    if (signal.aborted) return;
    const failures = results.flatMap((result, at) =>
      result.status === "rejected" ? [{ part: PARTS[at]!, reason: result.reason as unknown }] : [],
    );
    report(failures);
    if (failures.length > 0) throw failures[0]!.reason;
  });

  function report(failures: { part: Part; reason: unknown }[]): void {
    const reasons = failures.map(({ reason }) => reason);
    const unsigned = reasons.find((reason) => reason instanceof TokenWanted);
    // What the question itself is to blame for; the service's own troubles only show as stale.
    const refusal = reasons.find((reason) => reason instanceof Refused && reason.status < 500);
    const failing = failures.length > 0;
    set({
      failed: failures.map(({ part }) => part),
      token: !unsigned ? "fine" : unsigned.refused ? "refused" : "wanted",
      problem: refusal instanceof Refused ? refusal.message : null,
      health: { ...shown.health, failing, good: failing ? shown.health.good : Date.now() },
    });
  }

  async function learn(signal: AbortSignal): Promise<void> {
    const none = new URLSearchParams();
    try {
      const organisation = withLists<Organisation>(
        await ask("/organisation", none, signal),
        "teams",
        "people",
        "lines",
      );
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
      if (shown.health.failing) refreshes.restart();
      else refreshes.ask();
    },
    lost() {
      const good = isLive(shown.health) ? Date.now() : shown.health.good;
      set({ health: { ...shown.health, open: false, good } });
      refreshes.ask();
    },
    cells(cells) {
      meet(cells.flatMap(({ line }) => line || []));
      refreshes.ask();
    },
  });

  function patience(): number {
    const reaches = PARTS.flatMap((part) => shown.parts[part]?.reach ?? []);
    if (reaches.some(isSuspected)) return SOON;
    return isLive(shown.health) && stateOf(reaches) === "fresh" ? SELDOM : OFTEN;
  }

  const clock = setInterval(() => {
    if (Date.now() - asked >= patience()) refreshes.ask();
  }, 500);

  const online = (): void => {
    changesHeard.reopen();
    refreshes.restart();
  };
  const seen = (): void => {
    if (document.visibilityState === "visible") refreshes.ask();
  };
  addEventListener("online", online);
  document.addEventListener("visibilitychange", seen);

  return {
    show(selection, lang) {
      wanted = { selection, lang };
      refreshes.restart();
    },
    giveToken(token) {
      session.give(token);
      online();
    },
    stop() {
      clearInterval(clock);
      removeEventListener("online", online);
      document.removeEventListener("visibilitychange", seen);
      changesHeard.close();
      refreshes.stop();
    },
  };
}
