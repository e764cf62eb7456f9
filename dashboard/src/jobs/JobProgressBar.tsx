import type { Job } from "../api/types";
import { Bar } from "../parts/Bar";
import { stateTone, stateWord } from "../parts/StateBadge";
import { count, percent, rate, UNKNOWN } from "../text/numbers";
import { duration } from "../text/times";
import classes from "./JobProgressBar.module.css";

/** The episode that a job is at, of those planned. */
export function episodeLine(job: Pick<Job, "current_episode" | "total_episodes">): string {
  return `Episode ${count(job.current_episode)}/${count(job.total_episodes)}`;
}

/** What is left of a job's time, or how long it took. */
export function timeLine(job: Pick<Job, "state" | "eta_seconds" | "elapsed_seconds">): string {
  if (job.state === "running") return `${duration(job.eta_seconds)} left`;
  return job.elapsed_seconds > 0 ? `ran ${duration(job.elapsed_seconds)}` : `${UNKNOWN} left`;
}

/** The job's own level: percent, time left, episode, and candles per second. */
export function JobProgressBar({ job }: { readonly job: Job }) {
  const shown = percent(job.progress);
  return (
    <div className={classes.progress}>
      <div className={`number ${classes.words ?? ""}`}>
        <strong className={classes.percent}>{shown}</strong>
        <span>{timeLine(job)}</span>
      </div>
      <Bar
        value={job.progress}
        label={`Job ${job.strategy}`}
        text={`${shown}, ${episodeLine(job)}, ${stateWord(job)}`}
        tone={stateTone(job.state)}
      />
      <div className={`number ${classes.words ?? ""}`}>
        <span>{episodeLine(job)}</span>
        {job.failed_episodes > 0 && (
          <span className={classes.failed}>{count(job.failed_episodes)} failed</span>
        )}
        <span>{rate(job.candles_per_second)} candles</span>
      </div>
    </div>
  );
}
