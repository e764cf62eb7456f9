import type { Job } from "../api/types";
import { Bar } from "../parts/Bar";
import { Figure } from "../parts/Figure";
import { stateTone, stateWord } from "../parts/StateBadge";
import { count, percent, rate, UNKNOWN } from "../text/numbers";
import { duration } from "../text/times";
import classes from "./JobProgressBar.module.css";

const WIDEST_TIME = "59 min 59 s left";
const WIDEST_RATE = "99,999,999/s candles";

/** The episode that a job is at, of those planned. */
export function episodeLine(job: Pick<Job, "current_episode" | "total_episodes">): string {
  return `Episode ${count(job.current_episode)}/${count(job.total_episodes)}`;
}

/** What is left of a job's time, or how long it took. */
export function timeLine(job: Pick<Job, "state" | "eta_seconds" | "elapsed_seconds">): string {
  if (job.state === "running") return `${duration(job.eta_seconds)} left`;
  return job.elapsed_seconds > 0 ? `ran ${duration(job.elapsed_seconds)}` : `${UNKNOWN} left`;
}

/** The job's own level: percent, time left, episode, failures, and candles per second. */
export function JobProgressBar({ job }: { readonly job: Job }) {
  const shown = percent(job.progress);
  const total = count(job.total_episodes);
  return (
    <div className={classes.progress}>
      <div className={classes.words}>
        <strong className={classes.percent}>
          <Figure widest="100.0%" align="start">
            {shown}
          </Figure>
        </strong>
        <Figure widest={WIDEST_TIME}>{timeLine(job)}</Figure>
      </div>
      <Bar
        value={job.progress}
        label={`Job ${job.strategy}`}
        text={`${shown}, ${episodeLine(job)}, ${stateWord(job)}`}
        tone={stateTone(job.state)}
      />
      <div className={classes.words}>
        <Figure widest={`Episode ${total}/${total}`} align="start">
          {episodeLine(job)}
        </Figure>
        <span className={classes.failed} data-some={job.failed_episodes > 0}>
          <Figure widest={`${total} failed`}>{`${count(job.failed_episodes)} failed`}</Figure>
        </span>
        <Figure widest={WIDEST_RATE}>{`${rate(job.candles_per_second)} candles`}</Figure>
      </div>
    </div>
  );
}
