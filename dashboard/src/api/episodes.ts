import { useInfiniteQuery, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ask, path } from "./client";
import { keys, type EpisodeSort } from "./keys";
import { scoresOf, type Scores } from "./scores";
import type { Backtest, Episode, EpisodePage, EpisodeState, Importances } from "./types";

const PAGE = 200;
const MOST = 500;
const MINUTE = 60_000;

/** Read a job's episodes page by page, in the order asked for. */
export function useEpisodes(id: string, sort: EpisodeSort, state: EpisodeState | "all" = "all") {
  return useInfiniteQuery({
    queryKey: keys.episodes(id, sort, state),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      episodePage(id, { sort, state, cursor: pageParam, limit: PAGE, signal }),
    getNextPageParam: (page) => page.cursor,
  });
}

interface PageOptions {
  readonly sort: EpisodeSort;
  readonly state?: EpisodeState | "all";
  readonly cursor?: string | null;
  readonly limit: number;
  readonly signal: AbortSignal;
}

function episodePage(id: string, { sort, state, cursor, limit, signal }: PageOptions): Promise<EpisodePage> {
  const query = { sort, state: state === "all" ? null : state, cursor, limit };
  return ask<EpisodePage>("GET", path`/api/jobs/${id}/episodes`, { query, signal });
}

/** Read one episode that has ended. */
export function useEpisode(id: string, number: number): UseQueryResult<Episode> {
  return useQuery({
    queryKey: keys.episode(id, number),
    queryFn: ({ signal }) => ask<Episode>("GET", path`/api/jobs/${id}/episodes/${number}`, { signal }),
  });
}

/**
 * Read enough scores of a job to draw how its best score came about.
 *
 * Of a large job these are its first and its best episodes: the best-so-far line is exact where they reach.
 * Events add the episodes that end.
 */
export function useScores(id: string, recorded: number): UseQueryResult<Scores> {
  return useQuery({
    queryKey: keys.scores(id),
    enabled: recorded > 0,
    gcTime: MINUTE,
    queryFn: async ({ signal }) => {
      const first = await episodePage(id, { sort: "number", limit: MOST, signal });
      if (first.cursor === null) return scoresOf(first.episodes, true);
      const best = await episodePage(id, { sort: "score", limit: MOST, signal });
      return scoresOf([...first.episodes, ...best.episodes], false);
    },
  });
}

/** Run an episode's backtest again on the server. */
export function useBacktest(id: string, number: number, points = 2000): UseQueryResult<Backtest> {
  return useQuery({
    queryKey: [...keys.backtest(id, number), points],
    gcTime: 5 * MINUTE,
    queryFn: ({ signal }) =>
      ask<Backtest>("GET", path`/api/jobs/${id}/episodes/${number}/backtest`, {
        query: { points },
        signal,
      }),
  });
}

/** Read how much each searched parameter had to do with the best scores. */
export function useImportances(id: string, recorded: number): UseQueryResult<Importances> {
  return useQuery({
    queryKey: [...keys.importances(id), recorded],
    enabled: recorded > 0,
    gcTime: MINUTE,
    placeholderData: (known) => known,
    queryFn: ({ signal }) => ask<Importances>("GET", path`/api/jobs/${id}/importances`, { signal }),
  });
}
