import type { EChartsCoreOption } from "echarts/core";
import { SERIES, type Palette } from "../charts/palette";
import { fixed } from "../text/numbers";
import { candleTime } from "../text/times";
import { nameOf, type Compared } from "./compared";

const PERCENT = 100;

/** The equity curves as growth in percent, so that different amounts of money compare. */
export function equityOption(compared: readonly Compared[], palette: Palette): EChartsCoreOption {
  const axis = {
    axisLabel: { color: palette.dim },
    axisLine: { lineStyle: { color: palette.line } },
    splitLine: { lineStyle: { color: palette.line } },
  };
  return {
    animation: false,
    color: SERIES,
    grid: { left: 64, right: 16, top: 16, bottom: 32 },
    dataZoom: [{ type: "inside", zoomOnMouseWheel: "ctrl" }],
    tooltip: {
      trigger: "item",
      // Drawn on the canvas: as HTML it would carry styles that the Content-Security-Policy forbids.
      renderMode: "richText",
      backgroundColor: palette.ground,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontSize: 12 },
      formatter: ({ seriesName, data }: { seriesName: string; data: [number, number] }) =>
        `${seriesName}, ${candleTime(data[0])}: ${fixed(data[1], 2)}%`,
    },
    xAxis: { type: "time", ...axis },
    yAxis: {
      type: "value",
      scale: true,
      axisLabel: { color: palette.dim, formatter: "{value}%" },
      axisLine: axis.axisLine,
      splitLine: axis.splitLine,
    },
    series: compared.map((one) => ({
      type: "line",
      name: nameOf(one),
      symbolSize: 4,
      showSymbol: false,
      lineStyle: { width: 1.5 },
      data: growth(one),
    })),
  };
}

function growth({ backtest, job }: Compared): [number, number][] {
  if (!backtest) return [];
  const { timestamp, equity } = backtest.equity;
  const start = job?.spec.initial_cash ?? equity[0] ?? 1;
  return equity.map((value, place) => [timestamp[place] ?? 0, (value / start - 1) * PERCENT]);
}
