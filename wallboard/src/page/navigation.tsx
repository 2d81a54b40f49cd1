import { BOARDS } from "../select/boards";
import { type Selection, writeSelection } from "../select/selection";
import { useSpeech } from "./speech";
import type { Choose } from "./use-selection";

/** The boards by name: links, so that one can be opened in a tab of its own. */
export function Navigation({ selection, choose }: { selection: Selection; choose: Choose }) {
  const { words } = useSpeech();
  return (
    <nav class="boards" aria-label={words.boards}>
      {BOARDS.map((board) => (
        <a
          key={board}
          href={writeSelection({ ...selection, board }) || "?"}
          aria-current={board === selection.board ? "page" : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            choose({ board });
          }}
        >
          {words[`board.${board}`]}
        </a>
      ))}
    </nav>
  );
}
