import type { EpisodeSort } from "../api/keys";
import type { Episode } from "../api/types";
import { METRICS } from "../text/metrics";

/** What the leaderboard is sorted by: the server sorts by number and score, this page by any metric. */
export type Ranking = EpisodeSort | { readonly metric: string };

/** The order in which the server is asked for episodes. */
export function serverSort(ranking: Ranking): EpisodeSort {
  return typeof ranking === "string" ? ranking : "score";
}

/** Metrics of which less is better. */
const LESS: readonly string[] = ["max_drawdown_duration", "fees_paid"];

/** Put loaded episodes in their order; those without the metric come last. */
export function ranked(episodes: readonly Episode[], ranking: Ranking): readonly Episode[] {
  if (typeof ranking === "string") return episodes;
  const { metric } = ranking;
  const sign = LESS.includes(metric) ? -1 : 1;
  const worth = (episode: Episode) => {
    const value = episode.metrics?.[metric];
    return value === null || value === undefined ? Number.NEGATIVE_INFINITY : sign * value;
  };
  return [...episodes].sort((a, b) => {
    const [left, right] = [worth(a), worth(b)];
    return left === right ? a.number - b.number : right - left;
  });
}

/** Name the metrics that some episode has, in the order in which they are shown. */
export function metricsOf(episodes: readonly Episode[]): string[] {
  const names = Object.keys(episodes.find((episode) => episode.metrics !== null)?.metrics ?? {});
  const order = Object.keys(METRICS);
  return names.sort((a, b) => place(order, a) - place(order, b));
}

function place(order: readonly string[], name: string): number {
  const found = order.indexOf(name);
  return found < 0 ? order.length : found;
}
