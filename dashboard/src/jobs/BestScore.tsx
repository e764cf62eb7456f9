import { memo } from "react";
import { useScores } from "../api/episodes";
import type { Job } from "../api/types";
import { Sparkline } from "../parts/Sparkline";
import { metricLabel } from "../text/metrics";
import { count, score } from "../text/numbers";
import { sameJob } from "./sameJob";
import classes from "./BestScore.module.css";

const READ = ["id", "objective", "best_score", "best_episode", "recorded_episodes"] as const;

type Scoring = Pick<Job, (typeof READ)[number]>;

/** A job's best score so far, and how it came about. */
export const BestScore = memo(
  function BestScore({ job }: { readonly job: Scoring }) {
    const scores = useScores(job.id, job.recorded_episodes);
    const episode =
      job.best_episode === null ? "no episode has a score yet" : `episode ${count(job.best_episode)}`;
    return (
      <div className={classes.best}>
        <div className={classes.words}>
          <div className={classes.label}>Best {metricLabel(job.objective)}</div>
          <div className={`number ${classes.score ?? ""}`}>{score(job.best_score)}</div>
          <div className={`number ${classes.label ?? ""}`}>{episode}</div>
        </div>
        <Sparkline points={scores.data?.points ?? NONE} />
      </div>
    );
  },
  sameJob(...READ),
);

const NONE: readonly never[] = [];
