/** The page's colours and sizes as they are now, for a chart to be drawn with. */

export interface Ink {
  text: string;
  quiet: string;
  edge: string;
  ground: string;
  /** One for each series, told apart by their patterns and lines as well. */
  series: readonly string[];
  good: string;
  bad: string;
  warn: string;
  font: string;
  /** One rem in pixels. */
  rem: number;
}

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const colour = (name: string): string => {
    // A custom property keeps `light-dark(…)` as it is written: only where it is used does it become a colour.
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const probe = document.createElement("span");
  element.append(probe);
  const ink: Ink = {
    text: colour("text"),
    quiet: colour("quiet"),
    edge: colour("edge"),
    ground: colour("panel"),
    series: ["bar", "good", "warn", "accent"].map(colour),
    good: colour("good"),
    bad: colour("bad"),
    warn: colour("warn"),
    font: style.fontFamily,
    rem: parseFloat(getComputedStyle(document.documentElement).fontSize),
  };
  probe.remove();
  return ink;
}
