import type { Dataset, Job } from "../api/types";
import { count, rate } from "../text/numbers";
import { duration } from "../text/times";

/** Say how long a job may take, by the speed that the newest job of the same strategy was measured at. */
export function estimate(
  jobs: readonly Job[],
  strategy: string,
  episodes: number,
  candles: number | null,
): string {
  if (strategy === "" || candles === null || !(episodes > 0))
    return "Choose strategy, candles and episodes to see it.";
  const measured = jobs
    .filter((job) => job.strategy === strategy && (job.candles_per_second ?? 0) > 0)
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1))[0];
  const speed = measured?.candles_per_second ?? 0;
  const work = `${count(episodes)} episodes of ${count(candles)} candles`;
  if (speed <= 0) return `${work}; no job of ${strategy} has been measured yet.`;
  return `About ${duration((episodes * candles) / speed)}: ${work}, at ${rate(speed)} as measured before.`;
}

/** Return how many candles a dataset has, by its name. */
export function candlesOf(datasets: readonly Dataset[], name: string): number | null {
  const told = /[?&]candles=(\d+)/.exec(name)?.[1];
  return told === undefined
    ? (datasets.find((dataset) => dataset.name === name)?.candles ?? null)
    : Number(told);
}
