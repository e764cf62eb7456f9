import type { EChartsCoreOption } from "echarts/core";
import { bestSoFar, type Scored } from "../api/scores";
import { SCALE, type Palette } from "../charts/palette";
import { count, fixed, parameter, score } from "../text/numbers";
import { axisOf, fieldsOf, type Axis, type Field } from "./grid";
import { bestOf } from "./neighbours";

const FONT = 12;

function axes(palette: Palette) {
  return {
    axisLabel: { color: palette.dim, fontSize: FONT },
    axisLine: { lineStyle: { color: palette.line } },
    splitLine: { lineStyle: { color: palette.line } },
    nameTextStyle: { color: palette.dim },
  };
}

function tooltip(palette: Palette) {
  // Drawn on the canvas: as HTML it would carry styles that the Content-Security-Policy forbids, and names.
  return {
    renderMode: "richText",
    backgroundColor: palette.ground,
    borderColor: palette.line,
    textStyle: { color: palette.ink, fontSize: FONT },
  };
}

/** The score of each episode, and the best so far. */
export function scoreOption(points: readonly Scored[], palette: Palette): EChartsCoreOption {
  return {
    animation: false,
    grid: { left: 56, right: 16, top: 16, bottom: 36 },
    tooltip: {
      ...tooltip(palette),
      formatter: ({ data }: { data: [number, number] }) => `Episode ${count(data[0])}: ${score(data[1])}`,
    },
    dataZoom: [{ type: "inside", zoomOnMouseWheel: "ctrl" }],
    xAxis: {
      type: "value",
      name: "episode",
      nameLocation: "middle",
      nameGap: 22,
      min: "dataMin",
      max: "dataMax",
      ...axes(palette),
    },
    yAxis: { type: "value", scale: true, ...axes(palette) },
    series: [
      {
        type: "scatter",
        symbolSize: 5,
        large: true,
        largeThreshold: 5000,
        itemStyle: { color: palette.dim, opacity: 0.6 },
        data: points.map((point) => [point.number, point.score]),
      },
      {
        type: "line",
        step: "end",
        symbol: "none",
        lineStyle: { color: palette.live, width: 2 },
        data: bestSoFar(points).map((point) => [point.number, point.score]),
      },
    ],
  };
}

function span(scores: readonly number[]): { min: number; max: number } {
  const min = scores.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const max = scores.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  return min < max ? { min, max } : { min: min - 1, max: max + 1 };
}

/** What the ends of a scale of colours stand for. */
function ends({ min, max }: { min: number; max: number }): [string, string] {
  return [fixed(max, 2), fixed(min, 2)];
}

/** Where the best episode lies on the map. */
function bestOn(points: readonly Scored[], x: string, y: string, xs: Axis, ys: Axis) {
  const best = bestOf(points);
  const [left, up] = [best?.params[x], best?.params[y]];
  return best === undefined || left === undefined || up === undefined
    ? []
    : [{ value: [xs.place(left), ys.place(up), best.score], best }];
}

/** The mean score over two parameters: a peak is one bright field, a plateau many. */
export function mapOption(
  points: readonly Scored[],
  x: string,
  y: string,
  palette: Palette,
): EChartsCoreOption {
  const { xs, ys, fields } = fieldsOf(points, x, y);
  const range = span(fields.map((field) => field.score));
  const named = (name: string, labels: readonly string[]) => ({
    type: "category",
    name,
    nameLocation: "middle",
    data: labels,
    ...axes(palette),
    splitLine: { show: false },
  });
  return {
    animation: false,
    grid: { left: 72, right: 76, top: 16, bottom: 44 },
    tooltip: {
      ...tooltip(palette),
      formatter: ({ data: { field, best } }: { data: { field?: Field; best?: Scored } }) => {
        if (best) return `Episode ${count(best.number)}, the best: ${score(best.score)}`;
        if (!field) return "";
        const where = `${x} ${xs.labels[field.x] ?? ""}, ${y} ${ys.labels[field.y] ?? ""}`;
        return `${where}: ${score(field.score)} (${count(field.episodes)} episodes)`;
      },
    },
    xAxis: { ...named(x, xs.labels), nameGap: 26 },
    yAxis: { ...named(y, ys.labels), nameGap: 52 },
    visualMap: {
      ...range,
      dimension: 2,
      seriesIndex: 0,
      calculable: false,
      right: 0,
      top: "middle",
      itemWidth: 12,
      precision: 2,
      text: ends(range),
      inRange: { color: SCALE },
      textStyle: { color: palette.dim },
    },
    series: [
      { type: "heatmap", data: fields.map((field) => ({ value: [field.x, field.y, field.score], field })) },
      {
        type: "scatter",
        symbol: "circle",
        symbolSize: 14,
        // Seen on light and on dark fields.
        itemStyle: { color: "#ffffff", borderColor: "#000000", borderWidth: 3 },
        data: bestOn(points, x, y, xs, ys),
      },
    ],
  };
}

/** Each episode as a line through its parameters to its score. */
export function parallelOption(
  points: readonly Scored[],
  names: readonly string[],
  palette: Palette,
): EChartsCoreOption {
  const scores = points.map((point) => point.score);
  const { min, max } = span(scores);
  const axis = names.map((name, dim) => {
    const values = points.flatMap((point) => point.params[name] ?? []);
    const numeric = values.every((value) => typeof value === "number");
    return numeric
      ? { dim, name, type: "value", scale: true }
      : { dim, name, type: "category", data: axisOf(values).labels };
  });
  return {
    animation: false,
    parallel: {
      left: 72,
      right: 110,
      top: 32,
      bottom: 20,
      parallelAxisDefault: { ...axes(palette), nameTextStyle: { color: palette.ink } },
    },
    parallelAxis: [...axis, { dim: names.length, name: "score", type: "value", scale: true }],
    visualMap: {
      min,
      max,
      dimension: names.length,
      right: 0,
      top: "middle",
      itemWidth: 12,
      precision: 2,
      text: ends({ min, max }),
      inRange: { color: SCALE },
      textStyle: { color: palette.dim },
    },
    series: [
      {
        type: "parallel",
        lineStyle: { width: 1, opacity: 0.35 },
        // The best lie on top.
        data: [...points]
          .sort((a, b) => a.score - b.score)
          .map((point) => [
            ...names.map((name) => {
              const value = point.params[name];
              return typeof value === "number" ? value : parameter(value);
            }),
            point.score,
          ]),
      },
    ],
  };
}
