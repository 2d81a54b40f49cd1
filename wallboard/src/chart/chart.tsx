import type { ECElementEvent, EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef, useState } from "preact/hooks";

import { Opens } from "../panels/opens";
import { type Ink, inkOf } from "./ink";
import { DARK, wish } from "./wishes";

export interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

interface Props {
  /** What it shows, for who cannot see it. */
  label: string;
  /** The same numbers, for screen readers, and for who has no mouse. */
  table: Table;
  /** Opens what a number is made of, if it says so: by its row, and its series from 0. */
  opens?: (row: number, series: number) => (() => void) | undefined;
  draw: (ink: Ink) => EChartsCoreOption;
}

/** A chart that follows its room and the page's colours, with its numbers as a table beside it. */
export function Chart({ label, table, opens, draw }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);

  useEffect(() => {
    let made: EChartsType | null = null;
    let gone = false;
    const resized = new ResizeObserver(() => made?.resize());
    void import("./echarts").then(({ init }) => {
      if (gone || !place.current) return;
      made = init(place.current, null, { renderer: "svg" });
      resized.observe(place.current);
      setChart(made);
    });
    return () => {
      gone = true;
      resized.disconnect();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    const paint = (): void => {
      if (place.current) chart?.setOption(draw(inkOf(place.current)), { replaceMerge: ["series"] });
    };
    paint();
    const themed = new MutationObserver(paint);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme", "data-tv"] });
    const dark = wish(DARK);
    dark.addEventListener("change", paint);
    return () => {
      themed.disconnect();
      dark.removeEventListener("change", paint);
    };
  }, [chart, label, JSON.stringify(table)]);

  useEffect(() => {
    const clicked = ({ dataIndex, seriesIndex }: ECElementEvent): void => opens?.(dataIndex, seriesIndex ?? 0)?.();
    chart?.on("click", clicked);
    return () => void chart?.off("click", clicked);
  }, [chart, opens]);

  return (
    <figure class="chart">
      <div ref={place} class="chart-place" role="img" aria-label={label} />
      <div class="unseen">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              {table.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(([name, ...cells], row) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, series) => {
                  const open = opens?.(row, series);
                  return <td>{open ? <Opens open={open}>{cell}</Opens> : cell}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
