import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, type CSSProperties } from "react";
import type { Episode } from "../api/types";
import { METRICS, metricLabel, metricValue } from "../text/metrics";
import { count, parameter, score } from "../text/numbers";
import classes from "./Leaderboard.module.css";

const ROW = 34;
const OVERSCAN = 8;
const AHEAD = 40;

interface RowsProps {
  readonly rows: readonly Episode[];
  readonly total: number;
  readonly metrics: readonly string[];
  readonly chosen: readonly number[];
  /** Whether no further row may be chosen. */
  readonly full: boolean;
  readonly toggle: (number: number) => void;
  /** Asked for when the end of the rows comes near. */
  readonly more: () => void;
}

/** The rows of the leaderboard, of which only those in sight exist. */
export function LeaderboardRows({ rows, total, metrics, chosen, full, toggle, more }: RowsProps) {
  // The virtualizer keeps its own state, which the compiler cannot see; nothing here is memoised on it.
  "use no memo";
  const window = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- see above
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => window.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - AHEAD) more();
  }, [last, rows.length, more]);
  const params = Object.keys(rows[0]?.params ?? {});
  const columns = `3.5rem 5.5rem 7rem ${"8.5rem ".repeat(params.length)} ${"9rem ".repeat(metrics.length)}`;
  const style = { "--columns": columns } as CSSProperties;
  return (
    <div ref={window} className={classes.window} tabIndex={0} role="group" aria-label="Episodes, scrollable">
      <div
        className={classes.table}
        role="table"
        aria-label="Episodes"
        aria-rowcount={total + 1}
        style={style}
      >
        <div role="rowgroup">
          <div className={classes.head} role="row" aria-rowindex={1}>
            <Head text="Pick" meaning="Compare it with others" />
            <Head text="Episode" />
            <Head text="Score" />
            {params.map((name) => (
              <Head key={`p ${name}`} text={name} />
            ))}
            {metrics.map((name) => (
              <Head key={`m ${name}`} text={metricLabel(name)} meaning={METRICS[name]?.meaning} />
            ))}
          </div>
        </div>
        <div className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const episode = rows[index];
            if (!episode) return null;
            const isChosen = chosen.includes(episode.number);
            return (
              <div
                key={episode.number}
                className={classes.row}
                role="row"
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Cells
                  episode={episode}
                  params={params.join("\n")}
                  metrics={metrics.join("\n")}
                  chosen={isChosen}
                  closed={full && !isChosen}
                  toggle={toggle}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Head({ text, meaning }: { readonly text: string; readonly meaning?: string | undefined }) {
  return (
    <div className={`${classes.cell} ${classes.name}`} role="columnheader" title={meaning ?? text}>
      {text}
    </div>
  );
}

interface CellsProps {
  readonly episode: Episode;
  /** Names, a line each: texts compare by what they say. */
  readonly params: string;
  readonly metrics: string;
  readonly chosen: boolean;
  readonly closed: boolean;
  readonly toggle: (number: number) => void;
}

const Cells = memo(function Cells({ episode, params, metrics, chosen, closed, toggle }: CellsProps) {
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
