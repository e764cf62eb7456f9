import { Button } from "@mantine/core";
import { sentence } from "../api/problem";
import { useJobAction } from "../api/jobs";
import type { Job } from "../api/types";
import { ConfirmButton } from "../parts/ConfirmButton";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import classes from "./JobActions.module.css";

/** What may be asked of a job as it stands: pause, resume, cancel. */
export function JobActions({ job }: { readonly job: Pick<Job, "id" | "state" | "request"> }) {
  const action = useJobAction(job.id);
  const busy = action.isPending || (job.state === "running" && job.request !== null);
  const goesOn = job.state === "running" || job.state === "queued";
  const stopped = job.state === "paused" || job.state === "failed" || job.state === "cancelled";
  return (
    <div className={classes.actions}>
      <div className="row">
        {goesOn && (
          <Button disabled={busy} onClick={() => action.mutate("pause")}>
            Pause
          </Button>
        )}
        {stopped && (
          <Button disabled={busy} onClick={() => action.mutate("resume")}>
            Resume
          </Button>
        )}
        {(goesOn || job.state === "paused") && (
          <ConfirmButton
            label="Cancel"
            confirm="Yes, cancel the job"
            keep="Keep it"
            disabled={busy}
            onConfirm={() => action.mutate("cancel")}
          />
        )}
      </div>
      {action.error !== null && (
        <Notice tone="bad" announced>
          <Prose text={sentence(action.error)} />
        </Notice>
      )}
    </div>
  );
}
