import { useRef, useState } from "preact/hooks";

/** A press that moves less is a click. */
const FAR_ENOUGH = 6;

interface Drag<T> {
  dragged: T | null;
  by: { x: number; y: number };
  /** The column it would be dropped on. */
  over: string | null;
  handlers: (thing: T) => {
    onPointerDown: (event: PointerEvent) => void;
    onDragStart: (event: DragEvent) => void;
    onClickCapture: (event: MouseEvent) => void;
  };
}

/** Drags a card to a column (an element with `data-column`) with a mouse, a pen or a finger; Esc puts it back. */
export function useDrag<T>(drop: (thing: T, column: string) => void): Drag<T> {
  const [state, set] = useState<{ dragged: T | null; by: { x: number; y: number }; over: string | null }>(STILL);
  const wasDragged = useRef(false);
  const latest = useRef(drop);
  latest.current = drop;

  const grab = (thing: T, pressed: PointerEvent): void => {
    if (pressed.button !== 0) return;
    wasDragged.current = false;
    const control = new AbortController();
    const { signal } = control;
    const end = (): void => {
      control.abort();
      set(STILL);
    };
    const follow = (event: PointerEvent): void => {
      const by = { x: event.clientX - pressed.clientX, y: event.clientY - pressed.clientY };
      if (!wasDragged.current && Math.hypot(by.x, by.y) < FAR_ENOUGH) return;
      wasDragged.current = true;
      event.preventDefault();
      set({ dragged: thing, by, over: columnAt(event) });
    };
    const release = (event: PointerEvent): void => {
      const column = columnAt(event);
      end();
      if (wasDragged.current && column) latest.current(thing, column);
    };
    const leave = (event: KeyboardEvent): void => {
      if (event.key === "Escape") end();
    };
    addEventListener("pointermove", follow, { signal });
    addEventListener("pointerup", release, { signal });
    addEventListener("pointercancel", end, { signal });
    addEventListener("keydown", leave, { signal });
  };

  return {
    ...state,
    handlers: (thing) => ({
      onPointerDown: (event) => grab(thing, event),
      onDragStart: (event) => event.preventDefault(), // not the browser's own dragging of links
      onClickCapture: (event) => {
        if (!wasDragged.current) return;
        event.preventDefault();
        event.stopPropagation();
        wasDragged.current = false;
      },
    }),
  };
}

const STILL = { dragged: null, by: { x: 0, y: 0 }, over: null };

/** The column under the pointer, through the card that is being dragged. */
function columnAt({ clientX, clientY }: PointerEvent): string | null {
  for (const element of document.elementsFromPoint(clientX, clientY)) {
    const column = element.closest<HTMLElement>("section[data-column]");
    if (column) return column.dataset.column ?? null;
  }
  return null;
}
