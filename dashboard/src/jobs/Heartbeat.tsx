import type { Job } from "../api/types";
import { useNow } from "../parts/now";
import { duration } from "../text/times";

/** A heartbeat comes each second; after so many without one it is worth a word. */
const SILENT_SECONDS = 4;

/** Says since when the worker of a running job has not been heard of; nothing while it is. */
export function Heartbeat({ job }: { readonly job: Pick<Job, "worker" | "heartbeat_at"> }) {
  const now = useNow();
  if (job.heartbeat_at === null) return null;
  const silent = (now - Date.parse(job.heartbeat_at)) / 1000;
  if (silent < SILENT_SECONDS) return null;
  return (
    <span className="number">
      Worker <span className="code">{job.worker}</span> not heard of for {duration(silent)}
    </span>
  );
}
