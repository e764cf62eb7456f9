import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { TRADES_PAGE, useTrades } from "../api/windows";
import { Failure } from "../parts/Failure";
import { count } from "../text/numbers";
import { COLUMNS, TradeRow } from "./TradeRow";
import classes from "./TradesTable.module.css";

const ROW = 34;
const OVERSCAN = 8;

interface TradesTableProps {
  readonly jobId: string;
  readonly episode: number;
  readonly total: number;
  /** The number of the trade that the chart shows closely. */
  readonly chosen: number | null;
  readonly choose: (number: number) => void;
}

/** All trades, of which only those in sight are read and exist; each is a button that shows it on the chart. */
export function TradesTable({ total, ...others }: TradesTableProps) {
  return (
    <section className="panel" aria-labelledby="trades">
      <h2 id="trades">
        Trades <span className="dim number">({count(total)})</span>
      </h2>
      {total === 0 ? (
        <p className="dim">It made no trade with these parameters.</p>
      ) : (
        <Rows total={total} {...others} />
      )}
    </section>
  );
}

function Rows({ jobId, episode, total, chosen, choose }: TradesTableProps) {
  // The virtualizer keeps its own state, which the compiler cannot see; nothing here is memoised on it.
  "use no memo";
  const window = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- see above
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => window.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
    // The head stands above the rows.
    scrollPaddingEnd: ROW,
  });
  const shown = virtual.getVirtualItems();
  const pages = [...new Set(shown.map(({ index }) => Math.floor(index / TRADES_PAGE)))];
  const { trades, error } = useTrades(jobId, episode, pages);
  useEffect(() => {
    if (chosen !== null && chosen <= total) virtual.scrollToIndex(chosen - 1, { align: "auto" });
  }, [chosen, total, virtual]);
  return (
    <>
      {error && <Failure what="Some trades cannot be read" error={error} />}
      <div ref={window} className={classes.window} tabIndex={0} role="group" aria-label="Trades, scrollable">
        <div className={classes.table} role="table" aria-label="Trades" aria-rowcount={total + 1}>
          <div className={classes.head} role="rowgroup">
            <div className={classes.row} role="row" aria-rowindex={1}>
              {COLUMNS.map(({ name, text }) => (
                <div key={name} className={text ? classes.text : classes.cell} role="columnheader">
                  {name}
                </div>
              ))}
            </div>
          </div>
          <div className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
            {shown.map(({ index, start }) => (
              <div
                key={index}
                className={`${classes.row} ${classes.trade} ${index + 1 === chosen ? classes.chosen : ""}`}
                role="row"
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => choose(index + 1)}
              >
                <TradeRow number={index + 1} trade={trades.get(index + 1)} chosen={index + 1 === chosen} />
              </div>
            ))}
          </div>
        </div>
      </div>
    </>
  );
}
