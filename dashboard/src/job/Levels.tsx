import type { Job } from "../api/types";
import { Heartbeat } from "../jobs/Heartbeat";
import { JobCondition } from "../jobs/JobCondition";
import { JobProgressBar } from "../jobs/JobProgressBar";
import { LaneRow } from "../jobs/LaneRow";
import { useLanes } from "../jobs/useLanes";
import { StateBadge } from "../parts/StateBadge";
import classes from "./Levels.module.css";

/** The three levels large: the job, its episodes, and the candle that each worker is at. */
export function Levels({ job }: { readonly job: Job }) {
  const lanes = useLanes(job);
  return (
    <section className={`panel ${classes.levels}`} aria-labelledby="levels">
      <div className="row apart">
        <h2 id="levels">Progress</h2>
        <StateBadge state={job.state} request={job.request} />
      </div>
      <div className={classes.job}>
        <JobProgressBar job={job} />
      </div>
      <JobCondition job={job} />
      {job.state === "running" && job.condition === null && <Heartbeat job={job} />}
      {lanes.map((lane, place) => (
        <div key={place} className={classes.lane}>
          <div className="dim name">
            Worker <span className="code">{lane.worker}</span>
          </div>
          <LaneRow episode={lane.episode} worker={lane.worker} />
        </div>
      ))}
      {job.state === "running" && lanes.length === 0 && <p className="dim">No episode is under way yet.</p>}
    </section>
  );
}
