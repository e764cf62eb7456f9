import type { Backtest, Trade } from "../api/types";

/** A backtest laid out on the times of its bars, as the chart takes it; times are in seconds. */
export interface ChartSeries {
  readonly bars: readonly { time: number; open: number; high: number; low: number; close: number }[];
  readonly equity: readonly { time: number; value: number }[];
  /** Equity below its highest point before, in percent. */
  readonly drawdown: readonly { time: number; value: number }[];
}

const SECOND = 1000;
const PERCENT = 100;

/** Lay candles, equity and drawdown out on one time axis: that of the bars. */
export function seriesOf({ candles, equity }: Pick<Backtest, "candles" | "equity">): ChartSeries {
  const times = candles.timestamp.map((timestamp) => timestamp / SECOND);
  const bars = times.map((time, place) => ({
    time,
    open: candles.open[place] ?? 0,
    high: candles.high[place] ?? 0,
    low: candles.low[place] ?? 0,
    close: candles.close[place] ?? 0,
  }));
  const onBars: { time: number; value: number }[] = [];
  const falls: { time: number; value: number }[] = [];
  let point = 0;
  let value = equity.equity[0] ?? 0;
  let peak = value;
  times.forEach((time, place) => {
    const end = candles.index[place + 1] ?? Number.POSITIVE_INFINITY;
    let deepest = peak > 0 ? value / peak - 1 : 0;
    // A bar holds several points of the equity: its last, and the deepest of their drawdowns.
    while (point < equity.index.length && (equity.index[point] ?? 0) < end) {
      value = equity.equity[point] ?? value;
      peak = Math.max(peak, value);
      deepest = Math.min(deepest, peak > 0 ? value / peak - 1 : 0);
      point += 1;
    }
    onBars.push({ time, value });
    falls.push({ time, value: deepest * PERCENT });
  });
  return { bars, equity: onBars, drawdown: falls };
}

/** Return the place of the bar that a candle is drawn in. */
export function barOf(candles: Backtest["candles"], index: number): number {
  const after = candles.index.findIndex((first) => first > index);
  return after < 0 ? candles.index.length - 1 : Math.max(0, after - 1);
}

/** What is marked on the chart: where a trade began or ended, and how. */
export interface Mark {
  readonly time: number;
  readonly kind: "entry" | "exit";
  readonly side: Trade["side"];
  readonly text: string;
  readonly won: boolean;
}

const REASONS: Readonly<Record<string, string>> = {
  stop_loss: "stop",
  take_profit: "target",
  reverse: "reversed",
  signal: "",
  end_of_data: "end",
};

/** Return the marks of trades, in the order of time. */
export function marksOf(candles: Backtest["candles"], trades: readonly Trade[]): Mark[] {
  const timeOf = (index: number) => (candles.timestamp[barOf(candles, index)] ?? 0) / SECOND;
  return trades
    .flatMap((trade): Mark[] => {
      const won = trade.pnl > 0;
      const { side } = trade;
      return [
        { time: timeOf(trade.entry_index), kind: "entry", side, text: "", won },
        { time: timeOf(trade.exit_index), kind: "exit", side, text: reason(trade.exit_reason), won },
      ];
    })
    .sort((a, b) => a.time - b.time);
}

/** Name the reason of an exit in a word. */
export function reason(name: string): string {
  return REASONS[name] ?? name.replaceAll("_", " ");
}
