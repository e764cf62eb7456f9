import {
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type QueryKey,
  type UseQueryResult,
} from "@tanstack/react-query";
import { ask, path } from "./client";
import { keys, orderText, type EpisodeOrder } from "./keys";
import { scoresOf, type Scores } from "./scores";
import type { Backtest, Episode, EpisodePage, EpisodeState, Importances } from "./types";

/** Episodes of a page. */
export const PAGE = 200;
const MOST_PAGES = 6;
const MOST = 500;
const READ_WHOLE = 4;

const BY_NUMBER: EpisodeOrder = { by: "number", descending: false };
const NEWEST_FIRST: EpisodeOrder = { by: "number", descending: true };
export const BEST_FIRST: EpisodeOrder = { by: "score", descending: true };
const MINUTE = 60_000;

/** Where a page begins. The pages before it are known by it too, so that it leads back as well. */
export interface PagePlace {
  readonly cursor: string | null;
  /** How many pages lie before it. */
  readonly before: number;
  readonly previous: PagePlace | null;
}

export type EpisodeList = InfiniteData<EpisodePage, PagePlace>;

const FIRST: PagePlace = { cursor: null, before: 0, previous: null };

/**
 * Read a job's episodes page by page, in the order asked for.
 *
 * Some pages are kept around the one that was read last, whatever came before and after is read again
 * when it is asked for. As long as the first page alone is kept, it follows the episodes that end; a longer
 * list stands still, so that nothing is lost or told twice on the way through it.
 */
export function useEpisodes(id: string, order: EpisodeOrder, state: EpisodeState | "all" = "all") {
  return useInfiniteQuery<EpisodePage, Error, EpisodeList, QueryKey, PagePlace>({
    queryKey: keys.episodes(id, orderText(order), state),
    enabled: (query) => followsTheJob(query.state.data),
    initialPageParam: FIRST,
    maxPages: MOST_PAGES,
    placeholderData: (known) => known,
    gcTime: MINUTE,
    queryFn: ({ pageParam, signal }) =>
      episodePage(id, { order, state, cursor: pageParam.cursor, limit: PAGE, signal }),
    getNextPageParam: ({ cursor }, _pages, place) =>
      cursor === null ? null : { cursor, before: place.before + 1, previous: place },
    getPreviousPageParam: (_page, _pages, place) => place.previous,
  });
}

/** Lead a list of episodes, `useEpisodes`, to another of its pages. */
export function useEpisodePlaces(id: string, order: EpisodeOrder, state: EpisodeState | "all") {
  const queries = useQueryClient();
  const key = keys.episodes(id, orderText(order), state);
  return (before: number) => {
    const list = queries.getQueryData<EpisodeList>(key);
    if (list === undefined) return;
    let place = list.pageParams.at(-1) ?? FIRST;
    while (place.previous !== null && place.before > before) place = place.previous;
    const kept = list.pageParams.indexOf(place);
    queries.setQueryData<EpisodeList>(key, {
      pages: list.pages.slice(kept, kept < 0 ? 0 : kept + 1),
      pageParams: [place],
    });
    void queries.invalidateQueries({ queryKey: key, exact: true, refetchType: "none" });
    void queries.refetchQueries({ queryKey: key, exact: true });
  };
}

function followsTheJob(list: EpisodeList | undefined): boolean {
  if (list === undefined || list.pages.length === 0) return true;
  return list.pages.length === 1 && list.pageParams[0]?.before === 0;
}

/** Read the first episodes that failed. */
export function useFailedEpisodes(id: string): UseQueryResult<EpisodePage> {
  return useQuery({
    queryKey: [...keys.episodes(id), "causes"],
    queryFn: ({ signal }) => episodePage(id, { order: BY_NUMBER, state: "failed", limit: PAGE, signal }),
  });
}

interface PageOptions {
  readonly order: EpisodeOrder;
  readonly state?: EpisodeState | "all";
  readonly cursor?: string | null;
  readonly limit: number;
  readonly signal: AbortSignal;
}

function episodePage(
  id: string,
  { order: { by, name, descending }, state, cursor, limit, signal }: PageOptions,
): Promise<EpisodePage> {
  const query = {
    sort: by,
    metric: by === "metric" ? name : null,
    param: by === "param" ? name : null,
    order: descending ? "desc" : "asc",
    state: state === "all" ? null : state,
    cursor,
    limit,
  };
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
 * Of a large job these are its first, its best and its newest episodes: the best-so-far line is exact where
 * the first and the best reach. Events add the episodes that end.
 */
export function useScores(id: string, recorded: number): UseQueryResult<Scores> {
  return useQuery({
    queryKey: keys.scores(id),
    enabled: recorded > 0,
    gcTime: MINUTE,
    queryFn: async ({ signal }) => {
      const read: Episode[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < (recorded <= READ_WHOLE * MOST ? READ_WHOLE : 1); page += 1) {
        const next: EpisodePage = await episodePage(id, { order: BY_NUMBER, cursor, limit: MOST, signal });
        read.push(...next.episodes);
        cursor = next.cursor;
        if (cursor === null) return scoresOf(read, true);
      }
      const best = await episodePage(id, { order: BEST_FIRST, limit: MOST, signal });
      const newest = await episodePage(id, { order: NEWEST_FIRST, limit: MOST, signal });
      return scoresOf([...read, ...best.episodes, ...newest.episodes], false);
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
