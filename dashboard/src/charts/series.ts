import type { BacktestWindow, CandleWindow, PlacedTrade } from "../api/types";
import { barOf } from "./spans";

const SECOND = 1000;
const PERCENT = 100;

export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

export interface Point {
  readonly time: number;
  readonly value: number;
}

/** Lay the candles of a window out as the chart takes them; times are in seconds. */
export function barsOf({ candles }: Pick<CandleWindow, "candles">): Bar[] {
  return candles.timestamp.map((timestamp, place) => ({
    time: timestamp / SECOND,
    open: candles.open[place] ?? 0,
    high: candles.high[place] ?? 0,
    low: candles.low[place] ?? 0,
    close: candles.close[place] ?? 0,
  }));
}

/** Lay values out on the times of a window's bars. */
function onBars({ candles }: Pick<CandleWindow, "candles">, values: readonly number[], factor = 1): Point[] {
  return candles.timestamp.map((timestamp, place) => ({
    time: timestamp / SECOND,
    value: (values[place] ?? 0) * factor,
  }));
}

/** What is drawn beneath the candles, by pane. */
export interface Beneath {
  readonly kind: "account" | "volume";
  readonly panes: readonly (readonly Point[])[];
}

/** Equity, and drawdown in percent. */
export function accountOf(window: BacktestWindow): Beneath {
  return {
    kind: "account",
    panes: [onBars(window, window.equity), onBars(window, window.drawdown, PERCENT)],
  };
}

/** The volume of each bar. */
export function volumeOf(window: CandleWindow): Beneath {
  return { kind: "volume", panes: [onBars(window, window.candles.volume)] };
}

/** What is marked on the chart: where a trade began or ended, and how. */
export interface Mark {
  readonly time: number;
  readonly kind: "entry" | "exit";
  readonly side: PlacedTrade["side"];
  readonly text: string;
  readonly won: boolean;
}

const REASONS: Readonly<Record<string, string>> = {
  stop_loss: "stop",
  take_profit: "target",
  reverse: "reversed",
  signal: "",
  end_of_data: "end",
  time_stop: "time",
  trailing_stop: "trail",
  break_even: "even",
};

/** Return the marks of trades that lie in a window, in the order of time. */
export function marksOf(window: CandleWindow, trades: readonly PlacedTrade[]): Mark[] {
  const { start, stop, candles } = window;
  const timeOf = (index: number) => (candles.timestamp[barOf(window, index)] ?? 0) / SECOND;
  const inside = (index: number) => start <= index && index < stop;
  return trades
    .flatMap(({ entry_index: entry, exit_index: exit, side, pnl, exit_reason }): Mark[] => {
      const won = pnl > 0;
      const begun: Mark[] = inside(entry)
        ? [{ time: timeOf(entry), kind: "entry", side, text: "", won }]
        : [];
      if (!inside(exit)) return begun;
      // The entry that reversed it stands on the same bar and says so; a word at each would pile up.
      const text = exit_reason === "reverse" ? "" : reason(exit_reason);
      return [...begun, { time: timeOf(exit), kind: "exit", side, text, won }];
    })
    .sort((a, b) => a.time - b.time);
}

/** Name the reason of an exit in a word. */
export function reason(name: string): string {
  return REASONS[name] ?? name.replaceAll("_", " ");
}
