import type { CandleWindow } from "../api/types";
import { count } from "../text/numbers";
import { candleTime } from "../text/times";
import classes from "./CandleChart.module.css";

/** Says which candles are loaded, and how many a bar stands for. */
export function BarsNote({ window }: { readonly window: CandleWindow }) {
  const { start, stop, width, candles } = window;
  const from = candleTime(candles.timestamp[0]);
  const to = candleTime(candles.timestamp.at(-1));
  const bar =
    width === 1
      ? "each drawn by itself"
      : `${count(width)} to a bar; no high and no low is lost: zoom in to see each`;
  return (
    <p className={`dim number ${classes.note}`}>
      Candles {count(start + 1)} to {count(stop)} of {count(window.total_candles)}, {from} to {to} UTC, {bar}.
    </p>
  );
}
