import { useQueries } from "@tanstack/react-query";
import { ask, path } from "../api/client";
import { useDashboard } from "../api/dashboard";
import { keys } from "../api/keys";
import type { Backtest, Episode, Job } from "../api/types";
import type { Picked } from "./picks";

/** One side of a comparison, as far as it is known. */
export interface Compared {
  readonly pick: Picked;
  readonly job: Job | undefined;
  readonly episode: Episode | undefined;
  readonly backtest: Backtest | undefined;
  readonly error: Error | null;
}

const POINTS = 1000;

/** Read jobs, episodes and backtests of what is compared, each as soon as it can be, and once. */
export function useCompared(picks: readonly Picked[]): Compared[] {
  const { cache } = useDashboard();
  const ids = [...new Set(picks.map(({ jobId }) => jobId))];
  const jobs = useQueries({
    queries: ids.map((jobId) => ({
      queryKey: keys.job(jobId),
      queryFn: async () => cache.keep(await ask<Job>("GET", path`/api/jobs/${jobId}`)),
    })),
  });
  const sides = picks.map((pick) => {
    const job = jobs[ids.indexOf(pick.jobId)];
    return { pick, job, number: pick.number ?? job?.data?.best_episode ?? null };
  });
  const wanted = new Map<string, { jobId: string; number: number }>(
    sides.flatMap(({ pick: { jobId }, number }) =>
      number === null ? [] : [[`${jobId}:${number}`, { jobId, number }] as const],
    ),
  );
  const episodes = useQueries({
    queries: [...wanted.values()].map(({ jobId, number }) => ({
      queryKey: keys.episode(jobId, number),
      queryFn: () => ask<Episode>("GET", path`/api/jobs/${jobId}/episodes/${number}`),
    })),
  });
  const backtests = useQueries({
    queries: [...wanted.values()].map(({ jobId, number }) => ({
      queryKey: [...keys.backtest(jobId, number), POINTS],
      queryFn: () =>
        ask<Backtest>("GET", path`/api/jobs/${jobId}/episodes/${number}/backtest`, {
          query: { points: POINTS },
        }),
    })),
  });
  const places = [...wanted.keys()];
  return sides.map(({ pick, job, number }) => {
    const place = number === null ? -1 : places.indexOf(`${pick.jobId}:${number}`);
    return {
      pick,
      job: job?.data,
      episode: episodes[place]?.data,
      backtest: backtests[place]?.data,
      error: job?.error ?? episodes[place]?.error ?? backtests[place]?.error ?? null,
    };
  });
}

/** Name one side. */
export function nameOf({ pick, job, episode }: Compared): string {
  const number = pick.number ?? episode?.number ?? null;
  const what = job?.strategy ?? pick.jobId;
  return number === null ? what : `${what} #${number}`;
}
