import { describe, expect, it } from "vitest";
import { BACKTEST } from "../testing/backtest";
import { barOf, marksOf, seriesOf } from "./series";

describe("seriesOf", () => {
  const series = seriesOf(BACKTEST);

  it("lays everything out on the times of the bars", () => {
    const times = BACKTEST.candles.timestamp.map((timestamp) => timestamp / 1000);
    expect(series.bars.map((bar) => bar.time)).toEqual(times);
    expect(series.equity.map((point) => point.time)).toEqual(times);
    expect(series.drawdown.map((point) => point.time)).toEqual(times);
  });

  it("gives each bar its last equity, carried on where it has none", () => {
    expect(series.equity.map((point) => point.value)).toEqual([110, 99, 99]);
  });

  it("gives each bar its deepest drawdown, in percent", () => {
    expect(series.drawdown.map((point) => Math.round(point.value * 1000) / 1000)).toEqual([0, -20, -10]);
  });

  it("draws an account that never had anything", () => {
    const nothing = { ...BACKTEST, equity: { index: [], timestamp: [], equity: [] } };
    expect(seriesOf(nothing).drawdown.map((point) => point.value)).toEqual([0, 0, 0]);
  });
});

it("barOf finds the bar that a candle is drawn in", () => {
  expect([0, 9, 10, 19, 20, 29].map((index) => barOf(BACKTEST.candles, index))).toEqual([0, 0, 1, 1, 2, 2]);
});

it("marksOf marks entries and exits in the order of time", () => {
  expect(marksOf(BACKTEST.candles, BACKTEST.trades).map(({ kind, text, won }) => [kind, text, won])).toEqual([
    ["entry", "", true],
    ["exit", "target", true],
    ["entry", "", false],
    ["exit", "stop", false],
  ]);
});
