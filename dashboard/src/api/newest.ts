import type { Job } from "./types";

/**
 * Choose between two snapshots of a job: an answer may have been under way longer than an event.
 *
 * The one that its worker wrote later counts; of two alike the second. The percent never falls.
 */
export function newest(known: Job | undefined, next: Job): Job {
  if (known === undefined) return next;
  const chosen = isBehind(next, known) ? known : next;
  const progress = Math.max(known.progress, next.progress);
  return chosen.progress < progress ? { ...chosen, progress } : chosen;
}

/** Times are ISO 8601 in UTC to the millisecond, so that they compare as texts. */
function isBehind(job: Job, other: Job): boolean {
  if (job.changed_at !== other.changed_at) return job.changed_at < other.changed_at;
  return (job.heartbeat_at ?? "") < (other.heartbeat_at ?? "");
}
