import { Button } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useDeleteJob, useJob } from "../api/jobs";
import { sentence } from "../api/problem";
import type { Job } from "../api/types";
import { BestScore } from "../jobs/BestScore";
import { JobActions } from "../jobs/JobActions";
import { ConfirmButton } from "../parts/ConfirmButton";
import { Failure } from "../parts/Failure";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { FailedEpisodes } from "./FailedEpisodes";
import { JobLog } from "./JobLog";
import { JobSpecPanel } from "./JobSpecPanel";
import { Leaderboard } from "./Leaderboard";
import { Levels } from "./Levels";
import classes from "./JobPage.module.css";

const Insights = lazy(() => import("./Insights").then(({ Insights: component }) => ({ default: component })));

/** Everything about one job. */
export function JobPage() {
  const { jobId } = useParams({ from: "/jobs/$jobId" });
  const { data: job, error, refetch } = useJob(jobId);
  if (error !== null && (!job || isGone(error))) {
    return (
      <div className="page">
        <h1>This job cannot be shown</h1>
        <Failure what="It may have been deleted" error={error} retry={() => void refetch()} />
      </div>
    );
  }
  if (!job) return <p className="dim">Reading the job …</p>;
  return (
    <div className="page">
      <Head job={job} />
      <div className={classes.top}>
        <Levels job={job} />
        <section className="panel" aria-labelledby="best">
          <h2 id="best">Best so far</h2>
          <BestScore job={job} />
          {job.best_episode !== null && (
            <p>
              <Link
                className="link"
                to="/jobs/$jobId/episodes/$number"
                params={{ jobId, number: String(job.best_episode) }}
              >
                Show its trades and its equity
              </Link>
            </p>
          )}
        </section>
      </div>
      {job.recorded_episodes > 0 && (
        <Suspense fallback={<div className={classes.insights} aria-hidden="true" />}>
          <Insights job={job} />
        </Suspense>
      )}
      <Leaderboard job={job} />
      <FailedEpisodes job={job} />
      <JobSpecPanel job={job} />
      <JobLog id={jobId} />
    </div>
  );
}

function Head({ job }: { readonly job: Job }) {
  const remove = useDeleteJob(job.id);
  const navigate = useNavigate();
  const stopped = job.state !== "running";
  return (
    <header className={classes.head}>
      <div className="row apart">
        <h1 className="name">{job.strategy}</h1>
        <div className="row">
          <JobActions job={job} />
          <Button renderRoot={(props) => <Link to="/new" search={{ like: job.id }} {...props} />}>
            Duplicate
          </Button>
          {job.best_episode !== null && (
            <Button renderRoot={(props) => <Link to="/compare" search={{ of: job.id }} {...props} />}>
              Compare
            </Button>
          )}
          {stopped && (
            <ConfirmButton
              label="Delete"
              confirm="Yes, delete it and its episodes"
              keep="Keep it"
              disabled={remove.isPending}
              onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/" }) })}
            />
          )}
        </div>
      </div>
      {remove.error !== null && (
        <Notice tone="bad" announced>
          <Prose text={sentence(remove.error)} />
        </Notice>
      )}
    </header>
  );
}

function isGone(error: Error): boolean {
  return "status" in error && error.status === 404;
}
