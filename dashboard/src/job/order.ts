import type { EpisodeOrder } from "../api/keys";
import type { Episode } from "../api/types";
import { METRICS } from "../text/metrics";

/** A column that the leaderboard can be sorted by. */
export type Column = Omit<EpisodeOrder, "descending">;

/** Metrics of which less is better. */
export const LESS: readonly string[] = ["max_drawdown_duration", "fees_paid"];

export function isSortedBy(order: EpisodeOrder, { by, name }: Column): boolean {
  return order.by === by && order.name === name;
}

/** Sort by a column: what is better comes first, or, where it is sorted by it already, the other way round. */
export function sortedBy(column: Column, before: EpisodeOrder): EpisodeOrder {
  if (isSortedBy(before, column)) return { ...before, descending: !before.descending };
  const { by, name } = column;
  const descending = by === "score" || (by === "metric" && !LESS.includes(name ?? ""));
  return { ...column, descending };
}

/** Name the metrics that some episode has, in the order in which they are shown; all where none has any. */
export function metricsOf(episodes: readonly Episode[]): string[] {
  const order = Object.keys(METRICS);
  const names = Object.keys(episodes.find((episode) => episode.metrics !== null)?.metrics ?? METRICS);
  return names.sort((a, b) => place(order, a) - place(order, b));
}

function place(order: readonly string[], name: string): number {
  const found = order.indexOf(name);
  return found < 0 ? order.length : found;
}
