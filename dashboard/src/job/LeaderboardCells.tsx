import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Episode } from "../api/types";
import { metricValue } from "../text/metrics";
import { count, parameter, score } from "../text/numbers";
import classes from "./Leaderboard.module.css";

interface CellsProps {
  readonly episode: Episode;
  /** Names, a line each: texts compare by what they say. */
  readonly params: string;
  readonly metrics: string;
  readonly chosen: boolean;
  /** Whether it may not be chosen. */
  readonly closed: boolean;
  readonly toggle: (number: number) => void;
}

/** The cells of one episode's row. */
export const LeaderboardCells = memo(function LeaderboardCells({
  episode,
  params,
  metrics,
  chosen,
  closed,
  toggle,
}: CellsProps) {
  const { job_id: jobId, number } = episode;
  return (
    <>
      <div className={classes.cell} role="cell">
        <input
          type="checkbox"
          className={classes.check}
          checked={chosen}
          disabled={closed}
          onChange={() => toggle(number)}
          aria-label={`Compare episode ${number}`}
        />
      </div>
      <div className={`number ${classes.cell}`} role="cell">
        <Link className="link" to="/jobs/$jobId/episodes/$number" params={{ jobId, number: String(number) }}>
          {count(number)}
        </Link>
      </div>
      <div className={`number ${classes.cell} ${classes.strong}`} role="cell">
        {episode.state === "completed" ? score(episode.score) : episode.state}
      </div>
      {lines(params).map((name) => (
        <div key={`p ${name}`} className={`number ${classes.cell} ${classes.name}`} role="cell">
          {parameter(episode.params[name])}
        </div>
      ))}
      {lines(metrics).map((name) => (
        <div key={`m ${name}`} className={`number ${classes.cell}`} role="cell">
          {metricValue(name, episode.metrics?.[name])}
        </div>
      ))}
    </>
  );
});

function lines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}
