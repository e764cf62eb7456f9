import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ask, path } from "./client";
import { keys } from "./keys";
import type { BacktestWindow, DatasetWindow, Gaps, PlacedTrade, TradePage } from "./types";

const MINUTE = 60_000;

/** More bars than a screen shows: what lies beside it, and closer looks, are there already. */
const POINTS = 4000;

/** Trades that are read at once. */
export const TRADES_PAGE = 200;

/** Candles from `start` up to, without, `stop`; the first candle is 0. */
export interface Span {
  readonly start: number;
  readonly stop: number;
}

/** Read a window of an episode's backtest, or the whole of it; the one before stays until it is there. */
export function useBacktestWindow(
  id: string,
  number: number,
  span: Span | null,
): UseQueryResult<BacktestWindow> {
  return useQuery({
    queryKey: [...keys.backtest(id, number), "window", span],
    // What has ended does not change.
    staleTime: Infinity,
    gcTime: MINUTE,
    placeholderData: (known) => known,
    queryFn: ({ signal }) =>
      ask<BacktestWindow>("GET", path`/api/jobs/${id}/episodes/${number}/backtest/window`, {
        query: { ...span, points: POINTS },
        signal,
      }),
  });
}

function tradePage(id: string, number: number, page: number) {
  return {
    queryKey: [...keys.backtest(id, number), "trades", page],
    staleTime: Infinity,
    gcTime: 5 * MINUTE,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      ask<TradePage>("GET", path`/api/jobs/${id}/episodes/${number}/backtest/trades`, {
        query: { start: page * TRADES_PAGE, limit: TRADES_PAGE },
        signal,
      }),
  };
}

/** Read pages of an episode's trades; returns the trades that are there, by number. */
export function useTrades(
  id: string,
  number: number,
  pages: readonly number[],
): { readonly trades: ReadonlyMap<number, PlacedTrade>; readonly error: Error | null } {
  return useQueries({
    queries: pages.map((page) => tradePage(id, number, page)),
    combine: (results) => ({
      trades: new Map(
        results.flatMap(({ data }) => data?.trades ?? []).map((trade) => [trade.number, trade]),
      ),
      error: results.find(({ error }) => error !== null)?.error ?? null,
    }),
  });
}

/** Return the page that a trade stands on. */
export function pageOf(trade: number): number {
  return Math.floor((trade - 1) / TRADES_PAGE);
}

/** Read a window of a dataset's candles, or all; the one before stays until it is there. */
export function useDatasetWindow(name: string, span: Span | null): UseQueryResult<DatasetWindow> {
  return useQuery({
    queryKey: [...keys.dataset(name), "window", span],
    staleTime: MINUTE,
    gcTime: MINUTE,
    placeholderData: (known) => known,
    queryFn: ({ signal }) =>
      ask<DatasetWindow>("GET", path`/api/datasets/${name}/candles`, {
        query: { ...span, points: POINTS },
        signal,
      }),
  });
}

/** Read where a dataset's candles are missing. */
export function useGaps(name: string): UseQueryResult<Gaps> {
  return useQuery({
    queryKey: [...keys.dataset(name), "gaps"],
    staleTime: MINUTE,
    queryFn: ({ signal }) => ask<Gaps>("GET", path`/api/datasets/${name}/gaps`, { signal }),
  });
}
