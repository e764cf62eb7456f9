import type { Backtest, Trade } from "../api/types";
import { anEpisode } from "./samples";

const MINUTE = 60_000;
const START = Date.UTC(2020, 0, 6);

function aTrade(fields: Partial<Trade>): Trade {
  return {
    side: "long",
    entry_index: 2,
    entry_time: "2020-01-06T00:02:00.000Z",
    entry_price: 100,
    exit_index: 12,
    exit_time: "2020-01-06T00:12:00.000Z",
    exit_price: 110,
    size: 1,
    pnl: 10,
    return_pct: 0.1,
    fees: 0,
    exit_reason: "take_profit",
    ...fields,
  };
}

/** Thirty candles drawn as three bars, with two trades. */
export const BACKTEST: Backtest = {
  job_id: anEpisode().job_id,
  number: 1,
  params: anEpisode().params,
  metrics: { sharpe: 0.1, trades: 2 },
  trades: [
    aTrade({}),
    aTrade({ entry_index: 15, exit_index: 25, pnl: -5, return_pct: -0.05, exit_reason: "stop_loss" }),
  ],
  total_trades: 2,
  total_candles: 30,
  ruined: false,
  elapsed_seconds: 0.01,
  equity: {
    index: [0, 5, 9, 12, 19],
    timestamp: [0, 5, 9, 12, 19].map((place) => START + place * MINUTE),
    equity: [100, 105, 110, 88, 99],
  },
  candles: {
    index: [0, 10, 20],
    timestamp: [0, 10, 20].map((place) => START + place * MINUTE),
    open: [100, 101, 102],
    high: [103, 104, 105],
    low: [99, 98, 97],
    close: [101, 102, 103],
    volume: [1, 2, 3],
  },
};
