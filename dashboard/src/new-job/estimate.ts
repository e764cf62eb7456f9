import type { Dataset, Job, Parameter } from "../api/types";
import { count, rate } from "../text/numbers";
import { duration } from "../text/times";
import { usualEpisodes, type JobForm } from "./form";
import { gridSize } from "./levels";

/** How fast candles were done, and by whom. */
interface Speed {
  readonly candlesPerSecond: number;
  readonly from: string;
}

/** Say how long a job may take, by the speed that jobs of this service were measured at. */
export function estimate(
  jobs: readonly Job[],
  strategy: string,
  episodes: number | null,
  candles: number | null,
): string {
  if (strategy === "" || candles === null) return "Choose strategy and candles to see how long it may take.";
  if (episodes === null || !(episodes > 0)) return "How long it may take shows when the episodes are known.";
  const work = `${count(episodes)} ${episodes === 1 ? "episode" : "episodes"} of ${count(candles)} candles`;
  const speed = measuredSpeed(jobs, strategy);
  if (speed === null) return `${work}. How long they take is not known: no job has run here yet.`;
  const long = duration((episodes * candles) / speed.candlesPerSecond);
  return `About ${long}: ${work}, at ${rate(speed.candlesPerSecond)} as ${speed.from}.`;
}

/** Take the newest measured job of the strategy; the median of the others tells little, but something. */
function measuredSpeed(jobs: readonly Job[], strategy: string): Speed | null {
  const measured = jobs.filter((job) => (job.candles_per_second ?? 0) > 0);
  const own = measured
    .filter((job) => job.strategy === strategy)
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1))[0];
  if (own?.candles_per_second) {
    return { candlesPerSecond: own.candles_per_second, from: `measured on ${own.spec.data}, its newest job` };
  }
  const speeds = measured.flatMap((job) => job.candles_per_second ?? []).sort((a, b) => a - b);
  const median = speeds[Math.floor(speeds.length / 2)];
  return median === undefined
    ? null
    : { candlesPerSecond: median, from: "jobs of other strategies were measured; this one has not run yet" };
}

/** Return how many episodes a job will have; null where the form does not tell yet. */
export function episodesOf(form: JobForm, parameters: readonly Parameter[]): number | null {
  const typed = form.episodes.trim() === "" ? null : Number(form.episodes);
  if (typed !== null && !(Number.isInteger(typed) && typed > 0)) return null;
  if (form.optimizer !== "grid") return typed ?? usualEpisodes;
  const whole = gridSize(form, parameters);
  if (whole === null) return typed;
  return typed === null ? whole : Math.min(typed, whole);
}

/** Return how many candles a dataset has, by its name. */
export function candlesOf(datasets: readonly Dataset[], name: string): number | null {
  const told = /[?&]candles=(\d+)/.exec(name)?.[1];
  return told === undefined
    ? (datasets.find((dataset) => dataset.name === name)?.candles ?? null)
    : Number(told);
}
