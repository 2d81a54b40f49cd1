import type { Part, Shown } from "../live/shown";

/** Whether a part shows the answer to what is asked now, and not to what was asked before. */
export function isCurrent(shown: Shown, part: Part): boolean {
  const answered = shown.parts[part];
  return answered !== undefined && answered.to === shown.questions[part];
}
