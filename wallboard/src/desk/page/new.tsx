import { type KindName, kindOf } from "../kinds";
import { named } from "../../words/names";
import { useDesk } from "./desk";
import type { Command } from "./use-command";

interface NewProps {
  kind: KindName;
  known?: Readonly<Record<string, unknown>>;
  main?: boolean;
  start: (command: Command) => Promise<void>;
}

/** Makes a new thing, and shows it. */
export function New({ kind, known = {}, main = false, start }: NewProps) {
  const { lang, may, place, go, tell, words } = useDesk();
  const title = words.add(named("one", kind, lang));
  const { path, file } = kindOf(kind);
  if (!may("post", path)) return null;
  const made = (id: string | null): void => {
    tell(words.done(title));
    go({ kind, id: file ? id : null, where: file ? {} : { ...place.where } });
  };
  const command: Command = { title, kind, method: "post", template: path, path, known, etag: null, done: made };
  return (
    <button type="button" class={main ? "main" : ""} data-new={kind} onClick={() => void start(command)}>
      <span aria-hidden="true">＋ </span>
      {title}
    </button>
  );
}
