import { Button } from "@mantine/core";
import { useState } from "react";
import type { Backtest, Trade } from "../api/types";
import { count, fixed, price, share } from "../text/numbers";
import { candleTime } from "../text/times";
import { reason } from "./series";
import classes from "./TradesTable.module.css";

const AT_ONCE = 100;

interface TradesTableProps {
  readonly backtest: Backtest;
  readonly chosen: Trade | null;
  readonly choose: (trade: Trade) => void;
}

/** The trades, each a button that shows it on the chart. */
export function TradesTable({ backtest, chosen, choose }: TradesTableProps) {
  const [shown, setShown] = useState(AT_ONCE);
  const { trades, total_trades: total } = backtest;
  return (
    <section className="panel" aria-labelledby="trades">
      <h2 id="trades">
        Trades <span className="dim number">({count(total)})</span>
      </h2>
      {total === 0 && <p className="dim">It made no trade with these parameters.</p>}
      {total > 0 && (
        <div className={`tables ${classes.window}`} tabIndex={0} role="region" aria-label="All trades">
          <table className="plain">
            <thead>
              <tr>
                <th className="number">Trade</th>
                <th>Side</th>
                <th>Entry, UTC</th>
                <th className="number">Price</th>
                <th>Exit, UTC</th>
                <th className="number">Price</th>
                <th>Reason</th>
                <th className="number">Profit</th>
                <th className="number">Return</th>
                <th className="number">Fees</th>
              </tr>
            </thead>
            <tbody>
              {trades.slice(0, shown).map((trade, place) => (
                <tr key={place} className={trade === chosen ? classes.chosen : undefined}>
                  <td className="number">
                    <button
                      type="button"
                      className={classes.pick}
                      aria-pressed={trade === chosen}
                      aria-label={`Show trade ${place + 1} on the chart`}
                      onClick={() => choose(trade)}
                    >
                      {count(place + 1)}
                    </button>
                  </td>
                  <td>{trade.side}</td>
                  <td className={classes.time}>{candleTime(Date.parse(trade.entry_time))}</td>
                  <td className="number">{price(trade.entry_price)}</td>
                  <td className={classes.time}>{candleTime(Date.parse(trade.exit_time))}</td>
                  <td className="number">{price(trade.exit_price)}</td>
                  <td>{reason(trade.exit_reason) || "signal"}</td>
                  <td className={`number ${trade.pnl < 0 ? classes.loss : classes.profit}`}>
                    {fixed(trade.pnl, 2)}
                  </td>
                  <td className="number">{share(trade.return_pct)}</td>
                  <td className="number">{fixed(trade.fees, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown < trades.length && (
        <Button mt="xs" onClick={() => setShown(shown + AT_ONCE)}>
          Show more
        </Button>
      )}
      {shown >= trades.length && trades.length < total && (
        <p className="dim number">The first {count(trades.length)} are listed.</p>
      )}
    </section>
  );
}
