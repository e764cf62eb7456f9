import type { CandleWindow } from "../api/types";
import type { Span } from "../api/windows";

/** Fewer candles than these are looked at with others beside them. */
const NARROWEST = 50;
/** The least step of a window's ends: looks from nearly the same place then ask for the same window. */
const LEAST_STEP = 64;
/** Where fewer bars are in sight, and they are no single candles, finer ones are asked for. */
const FEWEST_BARS = 400;
/** Where less than this share of what is in sight lies beyond its edge, more is asked for. */
const MARGIN = 0.25;

/** Return the part of a span that there are candles for, never empty. */
export function clamped({ start, stop }: Span, total: number): Span {
  const first = Math.min(Math.max(0, Math.floor(start)), total - 1);
  return { start: first, stop: Math.min(total, Math.max(first + 1, Math.ceil(stop))) };
}

/** Return the window to load for what is in sight: as much again on both sides, its ends on a grid. */
export function windowFor(visible: Span, total: number): Span {
  const { start, stop } = clamped(visible, total);
  const size = Math.max(NARROWEST, stop - start);
  const step = Math.max(LEAST_STEP, 2 ** Math.floor(Math.log2(size / 2)));
  return clamped(
    { start: Math.floor((start - size) / step) * step, stop: Math.ceil((stop + size) / step) * step },
    total,
  );
}

/** Return the window to load where the loaded one does not do for what is in sight; null where it does. */
export function nextWindow(loaded: CandleWindow, visible: Span): Span | null {
  const total = loaded.total_candles;
  const { start, stop } = clamped(visible, total);
  const margin = MARGIN * (stop - start);
  const reaches =
    (loaded.start === 0 || start - loaded.start >= margin) &&
    (loaded.stop === total || loaded.stop - stop >= margin);
  const fine = loaded.width === 1 || (stop - start) / loaded.width >= FEWEST_BARS;
  if (reaches && fine) return null;
  const next = windowFor(visible, total);
  // All of it, and as fine as it comes: there is nothing better to ask for.
  return next.start === loaded.start && next.stop === loaded.stop ? null : next;
}

/** Return the number of the bar that holds a candle; below 0 or beyond the last where none does. */
export function barOf({ start, width }: CandleWindow, index: number): number {
  return Math.floor(index / width) - Math.floor(start / width);
}

/** Return the candles that a range of the chart shows; the n-th bar reaches from n - 1/2 to n + 1/2. */
export function spanOf(
  { start, width }: CandleWindow,
  range: { readonly from: number; readonly to: number },
): Span {
  const base = Math.floor(start / width) + 0.5;
  return { start: (range.from + base) * width, stop: (range.to + base) * width };
}

/** Return the range of the chart that shows these candles. */
export function rangeOf({ start, width }: CandleWindow, span: Span): { from: number; to: number } {
  const base = Math.floor(start / width) + 0.5;
  return { from: span.start / width - base, to: span.stop / width - base };
}

/** Return what to look at to see a trade, or any few candles, with what is around them. */
export function around({ start, stop }: Span): Span {
  const margin = Math.max(20, stop - start);
  return { start: start - margin, stop: stop + margin };
}
