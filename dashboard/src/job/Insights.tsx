import { Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useScores } from "../api/episodes";
import type { Scored } from "../api/scores";
import type { Job } from "../api/types";
import { EChart } from "../charts/EChart";
import { usePalette } from "../charts/palette";
import { metricLabel } from "../text/metrics";
import { count } from "../text/numbers";
import { ImportancePanel } from "./ImportancePanel";
import { mapOption, parallelOption, scoreOption } from "./insightOptions";
import { searchedNames } from "./space";
import classes from "./Insights.module.css";

/** What a job's episodes tell: how the score rose, what mattered, and the shape of the optimum. */
export function Insights({ job }: { readonly job: Job }) {
  const scores = useScores(job.id, job.recorded_episodes);
  const points = scores.data?.points ?? NONE;
  const names = searchedNames(job.spec.space);
  return (
    <div className={classes.insights}>
      <ScorePanel job={job} points={points} whole={scores.data?.whole ?? true} />
      <ImportancePanel id={job.id} recorded={job.recorded_episodes} />
      {names.length > 1 && points.length > 1 && (
        <>
          <MapPanel points={points} names={names} />
          <ParallelPanel points={points} names={names} />
        </>
      )}
    </div>
  );
}

const NONE: readonly Scored[] = [];

interface PointsProps {
  readonly points: readonly Scored[];
}

function ScorePanel({ job, points, whole }: PointsProps & { readonly job: Job; readonly whole: boolean }) {
  const palette = usePalette();
  const navigate = useNavigate();
  const option = useMemo(() => scoreOption(points, palette), [points, palette]);
  const open = (data: unknown) => {
    if (!Array.isArray(data) || typeof data[0] !== "number") return;
    void navigate({
      to: "/jobs/$jobId/episodes/$number",
      params: { jobId: job.id, number: String(data[0]) },
    });
  };
  const label = `${metricLabel(job.objective)} over ${count(points.length)} episodes, with the best so far`;
  return (
    <section className="panel" aria-labelledby="scores">
      <h2 id="scores">{metricLabel(job.objective)} over the episodes</h2>
      <EChart option={option} label={label} onPick={open} />
      {!whole && <p className="dim">Of so many episodes the first, the best and the newest are drawn.</p>}
    </section>
  );
}

interface NamedProps extends PointsProps {
  readonly names: readonly string[];
}

function MapPanel({ points, names }: NamedProps) {
  const [chosen, setChosen] = useState<readonly [string, string] | null>(null);
  const palette = usePalette();
  const [x, y] = chosen ?? [names[0] ?? "", names[1] ?? ""];
  const option = useMemo(() => mapOption(points, x, y, palette), [points, x, y, palette]);
  return (
    <section className="panel" aria-labelledby="map">
      <div className="row apart">
        <h2 id="map">The shape of the optimum</h2>
        <div className="row">
          <Select
            size="xs"
            aria-label="Across"
            value={x}
            data={[...names]}
            onChange={(name) => setChosen([name ?? x, y])}
          />
          <Select
            size="xs"
            aria-label="Upwards"
            value={y}
            data={[...names]}
            onChange={(name) => setChosen([x, name ?? y])}
          />
        </div>
      </div>
      <EChart option={option} label={`Mean score over ${x} and ${y}`} />
      <p className="dim">The mean score in each field: a peak stands alone, a plateau is wide.</p>
    </section>
  );
}

function ParallelPanel({ points, names }: NamedProps) {
  const palette = usePalette();
  const option = useMemo(() => parallelOption(points, names, palette), [points, names, palette]);
  return (
    <section className="panel" aria-labelledby="parallel">
      <h2 id="parallel">Parameters and score</h2>
      <EChart option={option} label={`Each episode as a line through ${names.join(", ")} to its score`} />
    </section>
  );
}
