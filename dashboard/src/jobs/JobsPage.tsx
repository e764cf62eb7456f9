import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useJobGroup } from "../api/jobs";
import type { JobGroup } from "../api/keys";
import { Failure } from "../parts/Failure";
import { NoJobs } from "./NoJobs";
import { JobCardById } from "./TrainingJobCard";
import classes from "./JobsPage.module.css";

type Group = ReturnType<typeof useJobGroup>;

/** All jobs as cards: those that run first, then those that wait, then those that ended. */
export function JobsPage() {
  const running = useJobGroup("running");
  const waiting = useJobGroup("waiting");
  const ended = useJobGroup("ended");
  const groups = [running, waiting, ended];
  const failed = groups.find((group) => group.isError && group.data === undefined);
  if (failed) {
    return (
      <Failure what="The jobs cannot be read" error={failed.error} retry={() => void failed.refetch()} />
    );
  }
  if (groups.some((group) => group.data === undefined)) return <p className="dim">Reading the jobs …</p>;
  const empty = groups.every((group) => idsOf(group).length === 0 && !group.hasNextPage);
  return (
    <div className="page">
      <div className="row apart">
        <h1>Jobs</h1>
        <Button variant="filled" renderRoot={(props) => <Link to="/new" {...props} />}>
          New job
        </Button>
      </div>
      {empty ? (
        <NoJobs />
      ) : (
        <>
          <JobSection title="Running" name="running" group={running} />
          <JobSection title="Waiting" name="waiting" group={waiting} />
          <JobSection title="Ended" name="ended" group={ended} />
        </>
      )}
    </div>
  );
}

interface JobSectionProps {
  readonly title: string;
  readonly name: JobGroup;
  readonly group: Group;
}

function JobSection({ title, name, group }: JobSectionProps) {
  const ids = idsOf(group);
  if (ids.length === 0 && !group.hasNextPage) return null;
  return (
    <section className={classes.section} aria-labelledby={`section-${name}`}>
      <h2 id={`section-${name}`}>{title}</h2>
      <div className={classes.grid}>
        {ids.map((id) => (
          <JobCardById key={id} id={id} />
        ))}
      </div>
      {group.hasNextPage && (
        <Button
          className={classes.more ?? ""}
          loading={group.isFetchingNextPage}
          onClick={() => void group.fetchNextPage()}
        >
          Show older jobs
        </Button>
      )}
    </section>
  );
}

function idsOf(group: Group): string[] {
  const ids = group.data?.pages.flatMap((page) => page.refs.map((ref) => ref.id)) ?? [];
  return [...new Set(ids)];
}
