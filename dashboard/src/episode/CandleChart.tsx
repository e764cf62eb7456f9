import {
  BaselineSeries,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  LineSeries,
  type IChartApi,
  type SeriesMarker,
  type UTCTimestamp,
} from "lightweight-charts";
import { useEffect, useMemo, useRef } from "react";
import type { Backtest, Trade } from "../api/types";
import { usePalette, type Palette } from "../charts/palette";
import classes from "./CandleChart.module.css";
import { barOf, marksOf, seriesOf, type Mark } from "./series";

interface CandleChartProps {
  readonly backtest: Backtest;
  /** The trade to show closely, if any. */
  readonly trade: Trade | null;
}

/** Candles with the trades marked, and beneath them equity and drawdown on the same time axis. */
export function CandleChart({ backtest, trade }: CandleChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<IChartApi | null>(null);
  const palette = usePalette();
  const series = useMemo(() => seriesOf(backtest), [backtest]);
  const marks = useMemo(() => marksOf(backtest.candles, backtest.trades), [backtest]);
  useEffect(() => {
    if (place.current === null) return;
    const made = createChart(place.current, optionsOf(palette));
    chart.current = made;
    drawn(made, series, marks, palette);
    made.timeScale().fitContent();
    return () => {
      made.remove();
      chart.current = null;
    };
  }, [series, marks, palette]);
  useEffect(() => {
    if (trade === null || chart.current === null) return;
    const [first, last] = [
      barOf(backtest.candles, trade.entry_index),
      barOf(backtest.candles, trade.exit_index),
    ];
    const margin = Math.max(20, last - first);
    chart.current.timeScale().setVisibleLogicalRange({ from: first - margin, to: last + margin });
  }, [trade, backtest]);
  return (
    <figure className={classes.figure}>
      <div
        ref={place}
        className={classes.chart}
        role="img"
        aria-label="Candles with entries and exits, equity and drawdown beneath; the trades stand in the table below"
      />
      <figcaption className="dim">
        From above: price, equity, drawdown in percent. Charts by{" "}
        <a className="link" href="https://www.tradingview.com/" target="_blank" rel="noreferrer noopener">
          TradingView Lightweight Charts™
        </a>
      </figcaption>
    </figure>
  );
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
    rightPriceScale: { borderColor: palette.line },
    timeScale: { borderColor: palette.line, timeVisible: true, secondsVisible: false, minBarSpacing: 0.02 },
  };
}

function drawn(
  chart: IChartApi,
  series: ReturnType<typeof seriesOf>,
  marks: readonly Mark[],
  palette: Palette,
): void {
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: palette.good,
    borderUpColor: palette.good,
    wickUpColor: palette.good,
    downColor: palette.bad,
    borderDownColor: palette.bad,
    wickDownColor: palette.bad,
    priceLineVisible: false,
  });
  candles.setData(series.bars.map((bar) => ({ ...bar, time: bar.time as UTCTimestamp })));
  createSeriesMarkers(
    candles,
    marks.map((mark) => marker(mark, palette)),
  );
  const plain = { lineWidth: 1, priceLineVisible: false, lastValueVisible: true } as const;
  const equity = chart.addSeries(LineSeries, { ...plain, color: palette.live }, 1);
  equity.setData(series.equity.map((point) => ({ ...point, time: point.time as UTCTimestamp })));
  const fall = {
    bottomLineColor: palette.bad,
    bottomFillColor1: `${palette.bad}11`,
    bottomFillColor2: `${palette.bad}55`,
  };
  const base = { type: "price", price: 0 } as const;
  const drawdown = chart.addSeries(
    BaselineSeries,
    { ...plain, ...fall, baseValue: base, topLineColor: palette.dim },
    2,
  );
  drawdown.setData(series.drawdown.map((point) => ({ ...point, time: point.time as UTCTimestamp })));
  const [price, ...below] = chart.panes();
  price?.setStretchFactor(3);
  for (const pane of below) pane.setStretchFactor(1);
}

function marker(mark: Mark, palette: Palette): SeriesMarker<UTCTimestamp> {
  const time = mark.time as UTCTimestamp;
  const long = mark.side === "long";
  if (mark.kind === "entry") {
    return {
      time,
      position: long ? "belowBar" : "aboveBar",
      shape: long ? "arrowUp" : "arrowDown",
      color: palette.live,
    };
  }
  const color = mark.won ? palette.good : palette.bad;
  return { time, position: long ? "aboveBar" : "belowBar", shape: "circle", color, text: mark.text };
}
