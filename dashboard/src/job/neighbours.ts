import type { Scored } from "../api/scores";
import { searches, type Search } from "./space";
import type { Spec } from "../api/types";

type Value = string | number | boolean | undefined;

/** What the configurations nearest to the best one score. */
export interface Neighbourhood {
  readonly best: Scored;
  /** How many neighbours there are. */
  readonly count: number;
  /** The median of their scores. */
  readonly median: number;
  /** That median as a share of the best score; null where the best is not above zero. */
  readonly share: number | null;
  /** How far the farthest of them is: a share of the searched ranges. */
  readonly reach: number;
}

export const NEAREST = 10;

/** Return the best episode; of equal ones the lowest number. */
export function bestOf(points: readonly Scored[]): Scored | undefined {
  return points.reduce<Scored | undefined>(
    (best, point) => (best === undefined || point.score > best.score ? point : best),
    undefined,
  );
}

/**
 * Look at the configurations nearest to the best: those of a plateau score nearly as well.
 *
 * The distance is the root mean square, over the searched parameters, of the difference as a share of the
 * range; options differ fully or not at all. Null where there are fewer than ten other configurations.
 */
export function neighbourhood(points: readonly Scored[], space: Spec["space"]): Neighbourhood | null {
  const best = bestOf(points);
  const searched = searches(space).filter(([, search]) => search.kind !== "fixed");
  if (best === undefined || searched.length === 0) return null;
  const distance = ({ params }: Scored) =>
    Math.sqrt(
      searched.reduce((sum, [name, search]) => sum + gap(search, params[name], best.params[name]) ** 2, 0) /
        searched.length,
    );
  const configurations = new Map<string, { score: number; away: number }>();
  for (const point of points) {
    const away = distance(point);
    if (away > 0) configurations.set(JSON.stringify(point.params), { score: point.score, away });
  }
  const nearest = [...configurations.values()].sort((a, b) => a.away - b.away).slice(0, NEAREST);
  const farthest = nearest.at(-1);
  if (farthest === undefined || nearest.length < NEAREST) return null;
  const median = middle(nearest.map(({ score }) => score));
  const share = best.score > 0 ? median / best.score : null;
  return { best, count: nearest.length, median, share, reach: farthest.away };
}

function gap(search: Search, left: Value, right: Value): number {
  if (search.kind !== "range" || typeof left !== "number" || typeof right !== "number") {
    return left === right ? 0 : 1;
  }
  return search.high > search.low ? Math.abs(left - right) / (search.high - search.low) : 0;
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2;
}

const PLATEAU = 0.8;
const PEAK = 0.5;

/** Name the shape in a word or two, where the share tells it. */
export function shapeOf(share: number): string {
  if (share >= PLATEAU) return "a plateau";
  return share >= PEAK ? "a slope" : "a lonely peak";
}
