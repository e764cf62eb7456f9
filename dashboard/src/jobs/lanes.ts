import type { RunningEpisode } from "../api/types";

/** A worker's place on the page, and the episode that it runs at the moment, if any. */
export interface Lane {
  readonly worker: string;
  readonly episode: RunningEpisode | null;
}

/**
 * Give each worker the lane that it had, so that nothing jumps between two of its episodes.
 *
 * A worker that was not there before takes over a lane that stands idle; only when there is none a lane
 * is added. Of several episodes of one worker each has its own lane.
 */
export function nextLanes(lanes: readonly Lane[], running: readonly RunningEpisode[]): readonly Lane[] {
  const left = new Set(running);
  const next: Lane[] = lanes.map(({ worker }) => ({ worker, episode: take(left, worker) }));
  for (const episode of left) {
    const idle = next.findIndex((lane) => lane.episode === null);
    const lane = { worker: episode.worker, episode };
    if (idle < 0) next.push(lane);
    else next[idle] = lane;
  }
  return next;
}

function take(left: Set<RunningEpisode>, worker: string): RunningEpisode | null {
  for (const episode of left) {
    if (episode.worker === worker) {
      left.delete(episode);
      return episode;
    }
  }
  return null;
}
