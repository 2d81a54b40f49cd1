/** What the system is set to. */

export const DARK = "(prefers-color-scheme: dark)";
export const STILL = "(prefers-reduced-motion: reduce)";

const asked = new Map<string, MediaQueryList>();

/** Asked once each: a document keeps every query that was ever put to it. */
export function wish(query: typeof DARK | typeof STILL): MediaQueryList {
  const known = asked.get(query) ?? matchMedia(query);
  asked.set(query, known);
  return known;
}
