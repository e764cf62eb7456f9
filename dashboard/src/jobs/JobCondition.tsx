import type { Job } from "../api/types";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";

type Standing = Pick<Job, "state" | "condition" | "error" | "note">;

/** Kinds of condition in which nothing is wrong: somebody wanted it so, or only time is needed. */
const AS_WANTED: readonly string[] = ["busy_workers", "paused"];

/** What keeps a job from going on and what to do about it; else what its worker is busy with. */
export function JobCondition({ job }: { readonly job: Standing }) {
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
  return job.note === null ? null : (
    <Notice tone="live">
      <Prose text={job.note} />
    </Notice>
  );
}
