import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useJob } from "../api/jobs";
import type { Job } from "../api/types";
import { StateBadge } from "../parts/StateBadge";
import { count } from "../text/numbers";
import { BestScore } from "./BestScore";
import { Heartbeat } from "./Heartbeat";
import { JobActions } from "./JobActions";
import { JobCondition } from "./JobCondition";
import { JobProgressBar } from "./JobProgressBar";
import { LaneRow } from "./LaneRow";
import { sameJob } from "./sameJob";
import { useLanes } from "./useLanes";
import classes from "./TrainingJobCard.module.css";

const MOST_LANES = 8;

/** The card of the job with this id; only it is drawn anew when the job moves. */
export const JobCardById = memo(function JobCardById({ id }: { readonly id: string }) {
  const job = useJob(id);
  return job.data ? <TrainingJobCard job={job.data} /> : null;
});

/** A job at all three levels: the job, its episodes, and the candle that each is at. */
export function TrainingJobCard({ job }: { readonly job: Job }) {
  return (
    <article className={classes.card} data-state={job.state} aria-labelledby={`job-${job.id}`}>
      <CardHead job={job} />
      <JobProgressBar job={job} />
      <Lanes job={job} />
      {job.state === "running" && job.condition === null && <Heartbeat job={job} />}
      <JobCondition job={job} />
      <BestScore job={job} />
      <JobActions job={job} />
    </article>
  );
}

const HEAD = ["id", "strategy", "state", "request", "optimizer", "spec"] as const;

const CardHead = memo(
  function CardHead({ job }: { readonly job: Pick<Job, (typeof HEAD)[number]> }) {
    return (
      <>
        <header className="row apart">
          <h3 id={`job-${job.id}`} className={`name ${classes.title ?? ""}`}>
            <Link className="link" to="/jobs/$jobId" params={{ jobId: job.id }}>
              {job.strategy}
            </Link>
          </h3>
          <StateBadge state={job.state} request={job.request} />
        </header>
        <p className={`name ${classes.what ?? ""}`}>
          {job.optimizer} search on {job.spec.data}, {count(job.spec.candles)} candles
        </p>
      </>
    );
  },
  sameJob(...HEAD),
);

function Lanes({ job }: { readonly job: Job }) {
  const lanes = useLanes(job);
  // A job that runs has its first lane from the start, so that nothing moves when an episode begins.
  const idle = job.state === "running" && job.condition === null && lanes.length === 0;
  if (lanes.length === 0 && !idle) return null;
  return (
    <div className={classes.lanes}>
      {idle && <LaneRow narrow episode={null} />}
      {lanes.slice(0, MOST_LANES).map((lane, place) => (
        <LaneRow narrow key={place} episode={lane.episode} worker={lane.worker} />
      ))}
      {lanes.length > MOST_LANES && (
        <span className="number dim">and {count(lanes.length - MOST_LANES)} more episodes</span>
      )}
    </div>
  );
}
