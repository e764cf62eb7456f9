import { memo } from "react";
import type { Job } from "../api/types";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { count } from "../text/numbers";
import { sameJob } from "./sameJob";

const READ = ["state", "condition", "error", "note", "completed_episodes", "failed_episodes"] as const;

type Standing = Pick<Job, (typeof READ)[number]>;

/** Kinds of condition in which nothing is wrong: somebody wanted it so, or only time is needed. */
const AS_WANTED: readonly string[] = ["busy_workers", "paused"];

/** Whether a job ended without a result, though nothing stopped it. */
function isInVain(job: Standing): boolean {
  return job.state === "completed" && job.completed_episodes === 0 && job.failed_episodes > 0;
}

/** What keeps a job from going on and what to do about it; else what its worker is busy with. */
export const JobCondition = memo(
  function JobCondition({ job }: { readonly job: Standing }) {
    const alarm = job.state === "failed" ? "bad" : "wait";
    if (job.condition !== null) {
      const { kind, cause, remedy } = job.condition;
      return (
        <Notice tone={AS_WANTED.includes(kind) ? "idle" : alarm} title={<Prose text={cause} />}>
          <Prose text={remedy} />
        </Notice>
      );
    }
    if (job.error !== null) {
      return (
        <Notice tone={alarm}>
          <Prose text={job.error} />
        </Notice>
      );
    }
    if (isInVain(job)) {
      return (
        <Notice tone="bad" title={`All ${count(job.failed_episodes)} episodes failed`}>
          The job&apos;s own page shows the error of each: mend the strategy, then start a new job.
        </Notice>
      );
    }
    return job.note === null ? null : (
      <Notice tone="live">
        <Prose text={job.note} />
      </Notice>
    );
  },
  sameJob(...READ),
);
