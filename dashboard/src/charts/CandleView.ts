import {
  BaselineSeries,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  LineSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { CandleWindow, PlacedTrade } from "../api/types";
import type { Span } from "../api/windows";
import type { Palette } from "./palette";
import { barsOf, marksOf, type Beneath, type Mark } from "./series";
import { rangeOf, spanOf } from "./spans";
import { TradeLines } from "./TradeLines";

/** Of more marks in a window the words are left out, and they are smaller: they would hide each other. */
const MOST_WORDS = 120;
const SMALL = 0.6;

/** A chart of windows: its candles can be replaced by those of another window without a jump. */
export class CandleView {
  readonly #chart: IChartApi;
  readonly #palette: Palette;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #marks: ISeriesMarkersPluginApi<Time>;
  readonly #lines: TradeLines;
  readonly #beneath: ISeriesApi<"Line" | "Baseline" | "Histogram">[];
  #window: CandleWindow | null = null;

  constructor(place: HTMLElement, palette: Palette, kind: Beneath["kind"], moved: () => void) {
    this.#palette = palette;
    this.#chart = createChart(place, optionsOf(palette));
    this.#candles = this.#chart.addSeries(CandlestickSeries, {
      upColor: palette.good,
      borderUpColor: palette.good,
      wickUpColor: palette.good,
      downColor: palette.bad,
      borderDownColor: palette.bad,
      wickDownColor: palette.bad,
      priceLineVisible: false,
    });
    this.#marks = createSeriesMarkers(this.#candles, []);
    this.#lines = new TradeLines(palette);
    this.#candles.attachPrimitive(this.#lines);
    this.#beneath =
      kind === "account" ? accountPanes(this.#chart, palette) : volumePane(this.#chart, palette);
    const [price, ...below] = this.#chart.panes();
    price?.setStretchFactor(3);
    for (const pane of below) pane.setStretchFactor(1);
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange(moved);
  }

  /** The candles in sight; null where nothing is shown yet. */
  get visible(): Span | null {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    return range === null || this.#window === null ? null : spanOf(this.#window, range);
  }

  /** Show a window in the place of the one before; the same candles stay in sight, at first all of them. */
  show(window: CandleWindow, beneath: Beneath): void {
    if (window === this.#window) return;
    const before = this.visible;
    this.#window = window;
    this.#marks.setMarkers([]);
    this.#candles.setData(barsOf(window).map((bar) => ({ ...bar, time: bar.time as UTCTimestamp })));
    this.#beneath.forEach((series, pane) => {
      const points = beneath.panes[pane] ?? [];
      series.setData(points.map((point) => ({ ...point, time: point.time as UTCTimestamp })));
    });
    if (before === null) this.#chart.timeScale().fitContent();
    else this.go(before);
  }

  /** Mark trades of the window that is shown, and one of them above all. */
  mark(trades: readonly PlacedTrade[], chosen: PlacedTrade | null): void {
    if (this.#window === null) return;
    const marks = marksOf(this.#window, trades);
    const worded = marks.length <= MOST_WORDS;
    this.#marks.setMarkers(marks.map((mark) => markerOf(mark, this.#palette, worded)));
    this.#lines.show(this.#window, trades, chosen);
  }

  /** Bring these candles into sight. */
  go(span: Span): void {
    if (this.#window !== null) this.#chart.timeScale().setVisibleLogicalRange(rangeOf(this.#window, span));
  }

  remove(): void {
    this.#chart.remove();
  }
}

function optionsOf(palette: Palette) {
  return {
    autoSize: true,
    layout: {
      background: { color: palette.ground },
      textColor: palette.dim,
      panes: { separatorColor: palette.line },
      // The link below stands for it: the logo brings a style element, which the server's policy refuses,
      // and tells the address of this page.
      attributionLogo: false,
    },
    grid: { vertLines: { color: palette.line }, horzLines: { color: palette.line } },
    rightPriceScale: { borderColor: palette.line, minimumWidth: 84 },
    timeScale: {
      borderColor: palette.line,
      timeVisible: true,
      secondsVisible: false,
      minBarSpacing: 0.02,
      maxBarSpacing: 60,
    },
  };
}

const PLAIN = { lineWidth: 1, priceLineVisible: false, lastValueVisible: true } as const;

function accountPanes(chart: IChartApi, palette: Palette) {
  const equity = chart.addSeries(LineSeries, { ...PLAIN, color: palette.live }, 1);
  const fall = {
    bottomLineColor: palette.bad,
    bottomFillColor1: `${palette.bad}11`,
    bottomFillColor2: `${palette.bad}55`,
    baseValue: { type: "price", price: 0 } as const,
    topLineColor: palette.dim,
  };
  return [equity, chart.addSeries(BaselineSeries, { ...PLAIN, ...fall }, 2)];
}

function volumePane(chart: IChartApi, palette: Palette) {
  const format = { priceFormat: { type: "volume" }, priceLineVisible: false } as const;
  return [chart.addSeries(HistogramSeries, { ...format, color: palette.live }, 1)];
}

function markerOf(mark: Mark, palette: Palette, worded: boolean): SeriesMarker<Time> {
  const time = mark.time as UTCTimestamp;
  const long = mark.side === "long";
  const size = worded ? 1 : SMALL;
  if (mark.kind === "entry") {
    return {
      time,
      size,
      position: long ? "belowBar" : "aboveBar",
      shape: long ? "arrowUp" : "arrowDown",
      color: palette.live,
    };
  }
  const color = mark.won ? palette.good : palette.bad;
  const text = worded ? mark.text : "";
  return { time, size, position: long ? "aboveBar" : "belowBar", shape: "circle", color, text };
}
