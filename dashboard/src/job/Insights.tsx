import { Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState, type ReactNode } from "react";
import { useScores } from "../api/episodes";
import type { Scored } from "../api/scores";
import type { Job } from "../api/types";
import { EChart } from "../charts/EChart";
import { usePalette } from "../charts/palette";
import { metricLabel } from "../text/metrics";
import { count } from "../text/numbers";
import { ImportancePanel } from "./ImportancePanel";
import { mapOption, parallelOption, scoreOption } from "./insightOptions";
import { NeighbourLine } from "./NeighbourLine";
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
          <MapPanel points={points} names={names}>
            <NeighbourLine points={points} space={job.spec.space} whole={scores.data?.whole ?? true} />
          </MapPanel>
          <ParallelPanel points={points} names={names} />
        </>
      )}
    </div>
  );
}

const NONE: readonly Scored[] = [];

/** Room that the numbers of an axis need. */
const AXIS = 3.5;

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

function MapPanel({ points, names, children }: NamedProps & { readonly children: ReactNode }) {
  const [chosen, setChosen] = useState<readonly [string, string] | null>(null);
  const palette = usePalette();
  const [x, y] = chosen ?? [names[0] ?? "", names[1] ?? ""];
  const option = useMemo(() => mapOption(points, x, y, palette), [points, x, y, palette]);
  // A parameter over itself would be a line: the two change places instead.
  const across = (name: string) => setChosen(name === y ? [y, x] : [name, y]);
  const upwards = (name: string) => setChosen(name === x ? [y, x] : [x, name]);
  return (
    <section className="panel" aria-labelledby="map">
      <div className="row apart">
        <h2 id="map">The shape of the optimum</h2>
        <div className="row">
          <AxisSelect label="Across" value={x} names={names} choose={across} />
          <AxisSelect label="Upwards" value={y} names={names} choose={upwards} />
        </div>
      </div>
      {children}
      <EChart option={option} label={`Mean score over ${x} and ${y}`} />
      <p className="dim">
        The mean score in each field, over all values of the other parameters; the white dot is the best
        episode. A peak stands alone, a plateau is wide.
      </p>
    </section>
  );
}

interface AxisSelectProps {
  readonly label: string;
  readonly value: string;
  readonly names: readonly string[];
  readonly choose: (name: string) => void;
}

function AxisSelect({ label, value, names, choose }: AxisSelectProps) {
  return (
    <Select
      size="xs"
      aria-label={label}
      allowDeselect={false}
      value={value}
      data={[...names]}
      onChange={(name) => choose(name ?? value)}
    />
  );
}

function ParallelPanel({ points, names }: NamedProps) {
  const palette = usePalette();
  const option = useMemo(() => parallelOption(points, names, palette), [points, names, palette]);
  return (
    <section className="panel" aria-labelledby="parallel">
      <h2 id="parallel">Parameters and score</h2>
      <div className="tables" tabIndex={0} role="region" aria-label="All parameters, scrollable">
        <div style={{ minWidth: `${(names.length + 2) * AXIS}rem` }}>
          <EChart option={option} label={`Each episode as a line through ${names.join(", ")} to its score`} />
        </div>
      </div>
    </section>
  );
}
