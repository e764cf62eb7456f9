import type { Episode } from "./types";

/** A completed episode in the chart of scores. */
export interface Scored {
  readonly number: number;
  readonly score: number;
  readonly params: Episode["params"];
}

/** Scores of a job's episodes, by number; `whole` says whether all that were recorded are in it. */
export interface Scores {
  readonly points: readonly Scored[];
  readonly whole: boolean;
}

const MOST_POINTS = 20_000;

/** Put episodes in their order, each once; those without a score are left out. */
export function scoresOf(episodes: Iterable<Episode>, whole: boolean): Scores {
  const byNumber = new Map<number, Scored>();
  for (const { number, score, params } of episodes) {
    if (score !== null) byNumber.set(number, { number, score, params });
  }
  return { points: [...byNumber.values()].sort((a, b) => a.number - b.number), whole };
}

/** Add an episode that just ended; one that is in already changes nothing. */
export function addScore(scores: Scores, episode: Episode): Scores {
  const { number, score, params } = episode;
  if (score === null) return scores;
  const { points } = scores;
  const place = points.findLastIndex((point) => point.number <= number);
  if (points[place]?.number === number) return scores;
  const added = [...points.slice(0, place + 1), { number, score, params }, ...points.slice(place + 1)];
  return { points: added.slice(-MOST_POINTS), whole: scores.whole && added.length <= MOST_POINTS };
}

/** A step of the best-so-far line. */
export type Best = Pick<Scored, "number" | "score">;

/** Return the best score so far at each episode that raised it, the newest episode at the end. */
export function bestSoFar(points: readonly Best[]): Best[] {
  const best: Best[] = [];
  for (const point of points) {
    const top = best[best.length - 1];
    if (top === undefined || point.score > top.score) best.push({ number: point.number, score: point.score });
  }
  const last = points[points.length - 1];
  const top = best[best.length - 1];
  if (last && top && last.number > top.number) best.push({ number: last.number, score: top.score });
  return best;
}
