/** The service's change events: EventSource reconnects by itself, and is opened anew when it gives up. */

import type { Cell } from "./answers";
import { backoff } from "./backoff";

export interface Hearing {
  opened(): void;
  lost(): void;
  cells(cells: Cell[]): void;
}

export interface Stream {
  /** Open a new connection now, such as when the network is back or the token changed. */
  reopen(): void;
  close(): void;
}

const GAVE_UP = 2; // EventSource.CLOSED

/** `address` gives the URL with a token that is good now. */
export function stream(
  address: () => Promise<string>,
  hearing: Hearing,
  connect: (url: string) => EventSource = (url) => new EventSource(url),
): Stream {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let attempt = 0;

  function drop(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  async function open(): Promise<void> {
    drop();
    const mine = ++attempt;
    const url = await address().catch(() => null);
    if (mine !== attempt) return;
    if (url === null) return retry();
    const opening = connect(url);
    source = opening;
    opening.addEventListener("open", () => {
      failures = 0;
      hearing.opened();
    });
    opening.addEventListener("cells", (event) => hearing.cells(read((event as MessageEvent<string>).data)));
    opening.addEventListener("error", () => {
      hearing.lost();
      if (opening.readyState === GAVE_UP && source === opening) retry();
    });
  }

  function retry(): void {
    drop();
    timer = setTimeout(() => void open(), backoff(failures));
    failures += 1;
  }

  void open();
  return {
    reopen: () => void open(),
    close() {
      attempt += 1;
      drop();
    },
  };
}

/** A cells event that cannot be read still says that something changed. */
function read(data: string): Cell[] {
  try {
    const cells: unknown = JSON.parse(data);
    return Array.isArray(cells) ? (cells as Cell[]) : [];
  } catch {
    return [];
  }
}
