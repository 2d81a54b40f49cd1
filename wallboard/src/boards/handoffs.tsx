import { handoffs as waiting } from "../live/parts";
import { HandoffsPanel } from "../panels/handoffs";
import type { Board, BoardProps } from "./board";

/** Who waits for whom, until when, and what is late. */
function Handoffs({ shown }: BoardProps) {
  return <HandoffsPanel shown={shown} />;
}

export const handoffs: Board = { parts: [waiting], figures: [], View: Handoffs };
