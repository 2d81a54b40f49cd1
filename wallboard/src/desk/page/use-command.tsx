import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { CURRENCY } from "../../format/house";
import { Problem } from "../../live/problem";
import { documentOf, type Method } from "../contract/documents";
import { type Field, fieldsOf } from "../contract/fields";
import { Form } from "../form/form";
import { type KindName, kindOf, type Row } from "../kinds";
import { methodOf, pathOf, templateOf } from "../kinds/kind";
import { named } from "../../words/names";
import { useDesk } from "./desk";

export interface Command {
  title: string;
  kind: KindName;
  method: Method;
  /** As the contract writes it, for the fields. */
  template: string;
  /** As it is asked for. */
  path: string;
  known: Readonly<Record<string, unknown>>;
  /** All that there is to say, where no form has to ask for it. */
  body?: Record<string, unknown>;
  etag: string | null;
  /** Somebody was faster: what is shown has to be asked for anew. */
  stale?: () => void;
  /** What comes after it, with the id of what was made. */
  done: (made: string | null) => void;
}

interface Commanding {
  /** Carries it out; where something has to be said first, with a form. */
  start: (command: Command) => Promise<void>;
  /** The open form; null when there is none. */
  form: VNode | null;
  /** Why a command without a form was not carried out. */
  problem: Problem | null;
}

/** Commands of this part of the page, one at a time. */
export function useCommand(): Commanding {
  const { ask, place } = useDesk();
  const [open, setOpen] = useState<{ command: Command; fields: readonly Field[] } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const sent = useRef({ text: "", key: "" });

  // What is asked here, or was refused, is of no matter elsewhere.
  useEffect(() => {
    setOpen(null);
    setProblem(null);
  }, [place.kind, place.id]);

  const carryOut = async (command: Command, body: Record<string, unknown>): Promise<void> => {
    const { service } = kindOf(command.kind);
    const { method, path, etag } = command;
    // The same once more, because no answer came, is the same command; anything else is another one.
    const text = `${method} ${path} ${JSON.stringify(body)}`;
    if (sent.current.text !== text) sent.current = { text, key: newKey() };
    try {
      const answer = await ask<{ id: string } | null>(service, method, path, { body, key: sent.current.key, etag });
      sent.current = { text: "", key: "" };
      command.done(answer.data?.id ?? null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status !== 0) sent.current = { text: "", key: "" };
      if (error.status === 412) {
        // Saved once more, with the new state in sight, it is decided on that.
        setOpen((before) => before && { ...before, command: { ...command, etag: error.etag } });
        command.stale?.();
      }
      throw error;
    }
  };

  const start = async (command: Command): Promise<void> => {
    setProblem(null);
    try {
      const { service } = kindOf(command.kind);
      const fields = fieldsOf(await documentOf(service), command.method, command.template);
      if (!command.body && fields.some((field) => field.kind !== "kept")) setOpen({ command, fields });
      else await carryOut(command, command.body ?? {});
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    }
  };

  const form = open && (
    <Form
      key={open.command.path}
      title={open.command.title}
      fields={open.fields}
      known={open.command.known}
      currency={CURRENCY}
      send={(body) => carryOut(open.command, body)}
      close={() => setOpen(null)}
    />
  );
  return { start, form, problem };
}

/** A step of one thing, as it stands. */
export function useStep(kind: KindName): (row: Row, step: string, etag: string | null, done: () => void) => Command {
  const { lang } = useDesk();
  const it = kindOf(kind);
  return (row, step, etag, done) => ({
    title: `${named("step", step, lang)} · ${it.titleOf(row)}`,
    kind,
    method: methodOf(step),
    template: templateOf(it, step),
    path: pathOf(it, row.id, step),
    known: it.known ? it.known(row) : withoutReason(row),
    etag,
    done,
  });
}

/** A form begins with how the thing stands; but why it was lost is not why it is opened again. */
function withoutReason({ reason: _, ...row }: Row): Readonly<Record<string, unknown>> {
  return row;
}

/** Not `crypto.randomUUID`: that is missing on pages of a plain http address in the house's network. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
