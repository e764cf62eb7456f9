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

/** Read jobs, episodes and backtests of what is compared, each as soon as it can be. */
export function useCompared(picks: readonly Picked[]): Compared[] {
  const { cache } = useDashboard();
  const jobs = useQueries({
    queries: picks.map(({ jobId }) => ({
      queryKey: keys.job(jobId),
      queryFn: async () => cache.keep(await ask<Job>("GET", path`/api/jobs/${jobId}`)),
    })),
  });
  const numbers = picks.map((pick, place) => pick.number ?? jobs[place]?.data?.best_episode ?? null);
  const episodes = useQueries({
    queries: picks.map(({ jobId }, place) => ({
      queryKey: keys.episode(jobId, numbers[place] ?? 0),
      enabled: numbers[place] !== null,
      queryFn: () => ask<Episode>("GET", path`/api/jobs/${jobId}/episodes/${numbers[place] ?? 0}`),
    })),
  });
  const backtests = useQueries({
    queries: picks.map(({ jobId }, place) => ({
      queryKey: [...keys.backtest(jobId, numbers[place] ?? 0), POINTS],
      enabled: numbers[place] !== null,
      queryFn: () =>
        ask<Backtest>("GET", path`/api/jobs/${jobId}/episodes/${numbers[place] ?? 0}/backtest`, {
          query: { points: POINTS },
        }),
    })),
  });
  return picks.map((pick, place) => ({
    pick,
    job: jobs[place]?.data,
    episode: episodes[place]?.data,
    backtest: backtests[place]?.data,
    error: jobs[place]?.error ?? episodes[place]?.error ?? backtests[place]?.error ?? null,
  }));
}

/** Name one side. */
export function nameOf({ pick, job, episode }: Compared): string {
  const number = pick.number ?? episode?.number ?? null;
  const what = job?.strategy ?? pick.jobId;
  return number === null ? what : `${what} #${number}`;
}
