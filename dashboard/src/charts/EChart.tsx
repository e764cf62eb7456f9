import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef } from "react";
import { echarts } from "./echarts";
import classes from "./EChart.module.css";

interface EChartProps {
  readonly option: EChartsCoreOption;
  /** What the chart shows, in a sentence. */
  readonly label: string;
  readonly onPick?: (data: unknown) => void;
}

/** Draws a chart as large as its place, and anew when what it shows changes. */
export function EChart({ option, label, onPick }: EChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    if (place.current === null) return;
    const made = echarts.init(place.current);
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(place.current);
    return () => {
      watcher.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true, lazyUpdate: true });
  }, [option]);
  useEffect(() => {
    const made = chart.current;
    if (made === null || !onPick) return;
    const pick = (event: { data?: unknown }) => onPick(event.data);
    made.on("click", pick);
    return () => {
      made.off("click", pick);
    };
  }, [onPick]);
  return <div ref={place} className={classes.chart} role="img" aria-label={label} />;
}
