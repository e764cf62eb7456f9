import { Button } from "@mantine/core";
import { memo } from "react";
import { sentence } from "../api/problem";
import { useJobAction } from "../api/jobs";
import type { Job } from "../api/types";
import { ConfirmButton } from "../parts/ConfirmButton";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { sameJob } from "./sameJob";
import classes from "./JobActions.module.css";

const READ = ["id", "state", "request"] as const;

type Standing = Pick<Job, (typeof READ)[number]>;

/** What may be asked of a job as it stands: pause, resume, cancel. */
export const JobActions = memo(
  function JobActions({ job }: { readonly job: Standing }) {
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
  },
  sameJob(...READ),
);
