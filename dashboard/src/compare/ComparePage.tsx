import { Select } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useKnownJobs } from "../api/known";
import { Failure } from "../parts/Failure";
import { CompareTable } from "./CompareTable";
import { nameOf, useCompared } from "./compared";
import { MOST, picksOf, pickText, type Picked } from "./picks";
import classes from "./ComparePage.module.css";

const EquityPanel = lazy(() =>
  import("./EquityPanel").then(({ EquityPanel: component }) => ({ default: component })),
);

/** Up to six episodes or jobs side by side. */
export function ComparePage() {
  const { of } = useSearch({ from: "/compare" });
  const navigate = useNavigate();
  const picks = picksOf(of);
  const compared = useCompared(picks);
  const jobs = useKnownJobs().filter((job) => job.best_episode !== null);
  const go = (next: readonly Picked[]) =>
    void navigate({ to: "/compare", search: next.length > 0 ? { of: next.map(pickText).join(",") } : {} });
  return (
    <div className="page">
      <div className="row apart">
        <h1>Compare</h1>
        {picks.length < MOST && (
          <Select
            aria-label="Add the best episode of a job"
            placeholder="Add a job's best episode"
            className={classes.add}
            searchable
            value={null}
            data={jobs.map((job) => ({
              value: job.id,
              label: `${job.strategy}, ${job.spec.data} (${job.id})`,
            }))}
            onChange={(jobId) => {
              if (jobId !== null) go([...picks, { jobId, number: null }]);
            }}
          />
        )}
      </div>
      {picks.length === 0 && (
        <section className="panel">
          <h2>Nothing is chosen yet</h2>
          <p>
            Add jobs above, or mark up to six episodes in the table of a{" "}
            <Link className="link" to="/">
              job
            </Link>{" "}
            and press Compare.
          </p>
        </section>
      )}
      {compared
        .filter((one) => one.error !== null)
        .map((one) => (
          <Failure
            key={pickText(one.pick)}
            what={`${nameOf(one)} cannot be shown in full`}
            error={one.error}
          />
        ))}
      {picks.length > 0 && (
        <>
          <Suspense fallback={<p className="dim">Drawing …</p>}>
            <EquityPanel compared={compared} />
          </Suspense>
          <CompareTable
            compared={compared}
            remove={(gone) => go(picks.filter((pick) => pickText(pick) !== pickText(gone)))}
          />
        </>
      )}
    </div>
  );
}
