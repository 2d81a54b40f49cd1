/** What a service says against a request (RFC 9457). */

export interface FieldError {
  /** Where in the request it is, such as `amount.minor`; empty for the whole. */
  field: string;
  message: string;
}

/** An answer of RFC 9457, or none at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  /** What else it says, such as the id of an `existing` account. */
  readonly more: Readonly<Record<string, unknown>>;
  /** The revision it is at now, where the command was decided on an earlier one. */
  readonly etag: string | null;

  constructor(
    status: number,
    code: string,
    detail: string,
    errors: readonly FieldError[] = [],
    more = {},
    etag: string | null = null,
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.more = more;
    this.etag = etag;
  }
}

export async function problemOf(answer: Response): Promise<Problem> {
  const said = (await answer.json().catch(() => null)) as Record<string, unknown> | null;
  const { code = "error", detail, errors = [], ...more } = said ?? {};
  const text = typeof detail === "string" ? detail : `${answer.status} ${answer.statusText}`;
  return new Problem(answer.status, String(code), text, errors as FieldError[], more, answer.headers.get("etag"));
}
