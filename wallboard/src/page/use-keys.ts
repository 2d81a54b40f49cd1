import { useEffect } from "preact/hooks";

/** What each key does while nobody types, no dialog is open and no other key is held. */
export type Keys = Readonly<Partial<Record<string, () => void>>>;

export function useKeys(keys: Keys): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const held = event.ctrlKey || event.metaKey || event.altKey;
      const inside = event.target instanceof Element && event.target.closest("input, select, textarea, button, dialog");
      const act = keys[event.key];
      if (held || inside || !act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
}
