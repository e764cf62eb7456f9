import type { BacktestWindow, PlacedTrade } from "../api/types";
import { BACKTEST } from "./backtest";

/** The two trades of `BACKTEST`, the first with a stop and a target. */
export const TRADES: readonly PlacedTrade[] = BACKTEST.trades.map((trade, place) => ({
  ...trade,
  number: place + 1,
  stop_loss: place === 0 ? 95.5 : null,
  take_profit: place === 0 ? 110 : null,
}));

/** Thirty candles drawn as four bars, with two trades. */
export const WINDOW: BacktestWindow = {
  job_id: BACKTEST.job_id,
  number: 1,
  start: 0,
  stop: 30,
  total_candles: 30,
  width: 8,
  candles: {
    index: [0, 8, 16, 24],
    timestamp: [0, 8, 16, 24].map((place) => Date.UTC(2020, 0, 6) + place * 60_000),
    open: [100, 101, 102, 103],
    high: [103, 104, 105, 106],
    low: [99, 98, 97, 96],
    close: [101, 102, 103, 104],
    volume: [1, 2, 3, 4],
  },
  equity: [105, 110, 99, 99],
  drawdown: [0, -0.2, -0.1, -0.1],
  trades: [...TRADES],
  touching: 2,
  total_trades: 2,
  ruined: false,
};
