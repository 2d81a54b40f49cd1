/** A kind of thing that people here work with: where it is, how it is listed, and what can be done with it. */

import type { Method, Service } from "../contract/documents";

/** The commands about one thing: the last parts of the paths under it, such as `win`. */
export type StepOf<Paths, Item extends string> = keyof Paths extends infer Path
  ? Path extends `${Item}/${infer Step}`
    ? Step
    : never
  : never;

/** A new thing of another kind that this one leads to, with what it says about it already. */
export interface LeadsTo<Row> {
  kind: string;
  known: (row: Row) => Readonly<Record<string, unknown>>;
}

export interface Kind<Row, Step extends string = string> {
  service: Service;
  /** Its collection, such as `/deals`. */
  path: string;
  /** Where they are listed, if that is elsewhere, and where in the answer. */
  listed?: { at: string; as: string };
  /** One of them as the contract writes it, such as `/deals/{deal_id}`. */
  item: string;
  /** Whether one of them can be looked at by itself; else the list is all there is. */
  file: boolean;
  columns: readonly (keyof Row & string)[];
  titleOf: (row: Row) => string;
  /** What can be done with it as it stands. */
  steps: (row: Row) => readonly Step[];
  /** What a form about it begins with, where that is not how it stands. */
  known?: (row: Row) => Readonly<Record<string, unknown>>;
  leadsTo?: readonly LeadsTo<Row>[];
}

/** The step that writes the thing itself anew. */
export const WHOLE = "whole";

/** Every command is a POST but for those that replace what is there. */
export const methodOf = (step: string): Method => (step === WHOLE || step === "profile" ? "put" : "post");

/** A step's path as the contract writes it. */
export const templateOf = ({ item }: Pick<Kind<never>, "item">, step: string): string =>
  step === WHOLE ? item : `${item}/${step}`;

/** Where things of the kind are listed. */
export const listedAt = ({ listed, path }: Pick<Kind<never>, "listed" | "path">): string => listed?.at ?? path;

/** The path of one thing, or of a step of it. */
export const pathOf = ({ path }: Pick<Kind<never>, "path">, id: string, step: string = WHOLE): string =>
  `${path}/${encodeURIComponent(id)}${step === WHOLE ? "" : `/${step}`}`;
