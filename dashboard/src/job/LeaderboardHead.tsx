import type { EpisodeOrder } from "../api/keys";
import { METRICS, metricLabel } from "../text/metrics";
import { isSortedBy, type Column } from "./order";
import classes from "./Leaderboard.module.css";

interface HeadProps {
  readonly params: readonly string[];
  readonly metrics: readonly string[];
  readonly order: EpisodeOrder;
  readonly sort: (column: Column) => void;
}

/** The heads of the leaderboard's columns, each a button that sorts by it. */
export function LeaderboardHead({ params, metrics, order, sort }: HeadProps) {
  const head = (column: Column, text: string, meaning?: string) => (
    <div
      key={`${column.by} ${column.name ?? ""}`}
      className={classes.cell}
      role="columnheader"
      aria-sort={!isSortedBy(order, column) ? "none" : order.descending ? "descending" : "ascending"}
    >
      <button type="button" className={classes.sort} title={meaning ?? text} onClick={() => sort(column)}>
        <span className={classes.name}>{text}</span>
        <span className={classes.arrow} aria-hidden="true">
          {isSortedBy(order, column) ? (order.descending ? "▼" : "▲") : ""}
        </span>
      </button>
    </div>
  );
  return (
    <div className={classes.head} role="row" aria-rowindex={1}>
      <div className={classes.cell} role="columnheader" title="Compare it with others">
        Pick
      </div>
      {head({ by: "number" }, "Episode")}
      {head({ by: "score" }, "Score", "The objective's value")}
      {params.map((name) => head({ by: "param", name }, name))}
      {metrics.map((name) => head({ by: "metric", name }, metricLabel(name), METRICS[name]?.meaning))}
    </div>
  );
}
