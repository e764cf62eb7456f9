import { describe, expect, it } from "vitest";
import type { CandleWindow } from "../api/types";
import { WINDOW } from "../testing/window";
import { barOf, clamped, nextWindow, rangeOf, spanOf, windowFor } from "./spans";

const MILLION = 1_000_000;

/** A window as the server answers it: bars of the least power of two that makes at most 4,000 of them. */
function loaded(start: number, stop: number, total = MILLION): CandleWindow {
  let width = 1;
  while (Math.ceil(stop / width) - Math.floor(start / width) > 4000) width *= 2;
  return { ...WINDOW, start, stop, total_candles: total, width };
}

describe("bars and candles", () => {
  const window = { ...WINDOW, start: 70, stop: 130, width: 8 };

  it("a bar holds the candles of its stretch", () => {
    expect([70, 71, 72, 79, 80].map((index) => barOf(window, index))).toEqual([0, 0, 1, 1, 2]);
    expect(barOf(window, 10)).toBeLessThan(0);
  });

  it("ranges of the chart and spans of candles are two ways to say the same", () => {
    expect(spanOf(window, { from: -0.5, to: 1.5 })).toEqual({ start: 64, stop: 80 });
    const span = { start: 77, stop: 113 };
    expect(spanOf(window, rangeOf(window, span))).toEqual(span);
  });

  it("the same candles stay in sight when others take the window's place", () => {
    const [coarse, fine] = [loaded(0, MILLION), loaded(400_000, 402_000)];
    const seen = { start: 400_100.5, stop: 400_900.25 };
    expect(spanOf(fine, rangeOf(fine, spanOf(coarse, rangeOf(coarse, seen))))).toEqual(seen);
  });
});

describe("clamped", () => {
  it("gives candles that there are, at least one", () => {
    expect(clamped({ start: -5.5, stop: 12.1 }, 10)).toEqual({ start: 0, stop: 10 });
    expect(clamped({ start: 20, stop: 30 }, 10)).toEqual({ start: 9, stop: 10 });
    expect(clamped({ start: -30, stop: -20 }, 10)).toEqual({ start: 0, stop: 1 });
  });
});

describe("nextWindow", () => {
  it("asks for nothing where all is there, as fine as it comes", () => {
    expect(nextWindow(loaded(0, 3000, 3000), { start: -100, stop: 4000 })).toBeNull();
    expect(nextWindow(loaded(0, MILLION), { start: -9, stop: MILLION + 9 })).toBeNull();
    expect(nextWindow(loaded(0, MILLION), { start: 200_000, stop: 500_000 })).toBeNull();
  });

  it("asks for real candles where few bars are in sight", () => {
    const next = nextWindow(loaded(0, MILLION), { start: 400_000, stop: 400_500 });
    expect(next).not.toBeNull();
    if (!next) return;
    expect(loaded(next.start, next.stop).width).toBe(1);
    expect(next.start).toBeLessThan(399_600);
    expect(next.stop).toBeGreaterThan(400_900);
  });

  it("asks for more where the edge comes near, and where one looks beyond it", () => {
    const window = loaded(400_000, 402_000);
    expect(nextWindow(window, { start: 400_500, stop: 401_000 })).toBeNull();
    expect(nextWindow(window, { start: 400_050, stop: 400_550 })).not.toBeNull();
    expect(nextWindow(window, { start: 300_000, stop: 600_000 })).not.toBeNull();
    expect(nextWindow(loaded(0, 2000), { start: 0, stop: 500 })).toBeNull();
  });

  it("is content with what it asked for, wherever one looks", () => {
    for (const size of [1, 10, 333, 4000, 12_345, 99_999, 400_000, MILLION]) {
      for (const start of [-size / 2, 0, 77_777, 499_999.5, MILLION - size, MILLION - 1]) {
        const visible = { start, stop: start + size };
        const { start: first, stop } = windowFor(visible, MILLION);
        expect(nextWindow(loaded(first, stop), visible)).toBeNull();
      }
    }
  });
});
