import type { EChartsCoreOption } from "echarts/core";
import { SERIES, type Palette } from "../charts/palette";
import { fixed } from "../text/numbers";
import { candleTime } from "../text/times";
import { nameOf, type Compared } from "./compared";

const PERCENT = 100;
const DAY = 86_400_000;

/** What the curves run along: their dates, or the days since each began. */
export type Along = "dates" | "days";

/** The equity curves as growth in percent, so that different amounts of money compare. */
export function equityOption(
  compared: readonly Compared[],
  palette: Palette,
  along: Along = "dates",
): EChartsCoreOption {
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
        `${seriesName}, ${along === "dates" ? candleTime(data[0]) : `day ${fixed(data[0], 1)}`}: ${fixed(data[1], 2)}%`,
    },
    xAxis: along === "dates" ? { type: "time", ...axis } : { type: "value", ...axis },
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
      data: growth(one, along),
    })),
  };
}

/** Whether all that is drawn covers the same time. */
export function sameDates(compared: readonly Compared[]): boolean {
  const spans = compared.flatMap(({ backtest }) => {
    const times = backtest?.equity.timestamp ?? [];
    return times.length > 0 ? [`${times[0] ?? ""} ${times.at(-1) ?? ""}`] : [];
  });
  return new Set(spans).size < 2;
}

function growth({ backtest, job }: Compared, along: Along): [number, number][] {
  if (!backtest) return [];
  const { timestamp, equity } = backtest.equity;
  const start = job?.spec.initial_cash ?? equity[0] ?? 1;
  const began = timestamp[0] ?? 0;
  const where = (time: number) => (along === "dates" ? time : (time - began) / DAY);
  return equity.map((value, place) => [where(timestamp[place] ?? 0), (value / start - 1) * PERCENT]);
}
