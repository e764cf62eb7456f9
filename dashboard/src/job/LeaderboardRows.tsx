import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, type CSSProperties, type ReactNode } from "react";
import type { Episode } from "../api/types";
import { LeaderboardCells } from "./LeaderboardCells";
import classes from "./Leaderboard.module.css";

const ROW = 34;
const OVERSCAN = 8;
/** Further rows are loaded when so few are left beyond those in sight. */
export const AHEAD = 40;

/** Browsers draw nothing beyond some 17 million pixels: rows further down are counted from here on. */
const TALLEST = 200_000;

interface RowsProps {
  /** The rows that are loaded, the first of which is the one behind `base` others. */
  readonly rows: readonly Episode[];
  readonly base: number;
  /** How many there are; -1 where that is not known. */
  readonly total: number;
  /** What they are sorted and chosen by; another one begins at the top. */
  readonly order: string;
  readonly params: readonly string[];
  readonly metrics: readonly string[];
  readonly chosen: readonly number[];
  /** Whether no further row may be chosen. */
  readonly full: boolean;
  readonly toggle: (number: number) => void;
  /** Told which rows are in sight. */
  readonly seen: (first: number, last: number) => void;
  /** The row of heads. */
  readonly children: ReactNode;
}

/** The rows of the leaderboard, of which only those in sight exist. */
export function LeaderboardRows(props: RowsProps) {
  // The virtualizer keeps its own state, which the compiler cannot see; nothing here is memoised on it.
  "use no memo";
  const { rows, base, total, order, params, metrics, chosen, full, toggle, seen, children } = props;
  const window = useRef<HTMLDivElement>(null);
  const origin = Math.floor(base / TALLEST) * TALLEST;
  const before = useRef({ origin, order });
  useLayoutEffect(() => {
    const view = window.current;
    const old = before.current;
    before.current = { origin, order };
    if (view === null) return;
    // Another order begins at its top; rows that are counted from another one stay where they are.
    if (old.order !== order) view.scrollTop = 0;
    else if (old.origin !== origin) view.scrollTop -= (origin - old.origin) * ROW;
  }, [origin, order]);
  // eslint-disable-next-line react-hooks/incompatible-library -- see above
  const virtual = useVirtualizer({
    count: base - origin + rows.length,
    getScrollElement: () => window.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
  });
  const shown = virtual.getVirtualItems();
  const first = origin + (shown[0]?.index ?? 0);
  const last = origin + (shown.at(-1)?.index ?? 0);
  useEffect(() => seen(first, last), [first, last, seen]);
  const columns = `3.5rem 5.5rem 7rem ${"8.5rem ".repeat(params.length)} ${"9.5rem ".repeat(metrics.length)}`;
  const style = { "--columns": columns } as CSSProperties;
  return (
    <div ref={window} className={classes.window} tabIndex={0} role="group" aria-label="Episodes, scrollable">
      <div className={classes.table} role="table" aria-label="Episodes" aria-rowcount={total} style={style}>
        <div className={classes.heads} role="rowgroup">
          {children}
        </div>
        <div className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => {
            const episode = rows[origin + index - base];
            if (!episode) return null;
            const isChosen = chosen.includes(episode.number);
            return (
              <div
                key={episode.number}
                className={classes.row}
                role="row"
                aria-rowindex={origin + index + 2}
                style={{ transform: `translateY(${start}px)` }}
              >
                <LeaderboardCells
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
