import { describe, expect, it } from "vitest";
import { TRADES, WINDOW } from "../testing/window";
import { accountOf, barsOf, marksOf, volumeOf } from "./series";

const TIMES = WINDOW.candles.timestamp.map((timestamp) => timestamp / 1000);

describe("what is drawn", () => {
  it("stands on the times of the bars", () => {
    expect(barsOf(WINDOW).map(({ time }) => time)).toEqual(TIMES);
    for (const pane of [...accountOf(WINDOW).panes, ...volumeOf(WINDOW).panes]) {
      expect(pane.map(({ time }) => time)).toEqual(TIMES);
    }
  });

  it("is the equity, the drawdown in percent, and the volume", () => {
    const [equity, drawdown] = accountOf(WINDOW).panes;
    expect(equity?.map(({ value }) => value)).toEqual([105, 110, 99, 99]);
    expect(drawdown?.map(({ value }) => value)).toEqual([0, -20, -10, -10]);
    expect(volumeOf(WINDOW).panes[0]?.map(({ value }) => value)).toEqual([1, 2, 3, 4]);
  });
});

describe("marksOf", () => {
  it("marks entries and exits on their bars in the order of time", () => {
    expect(marksOf(WINDOW, TRADES).map(({ time, kind, text }) => [TIMES.indexOf(time), kind, text])).toEqual([
      [0, "entry", ""],
      [1, "exit", "target"],
      [1, "entry", ""],
      [3, "exit", "stop"],
    ]);
  });

  it("leaves out what lies beyond the window", () => {
    const { candles } = WINDOW;
    const cut = {
      ...WINDOW,
      start: 8,
      stop: 24,
      candles: { ...candles, timestamp: candles.timestamp.slice(1, 3) },
    };
    expect(marksOf(cut, TRADES).map(({ kind, won }) => [kind, won])).toEqual([
      ["exit", true],
      ["entry", false],
    ]);
  });
});
