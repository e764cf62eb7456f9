import type { PlacedTrade } from "../api/types";
import { reason } from "../charts/series";
import { count, fixed, price, share } from "../text/numbers";
import { candleTime } from "../text/times";
import classes from "./TradesTable.module.css";

interface Column {
  readonly name: string;
  /** Whether it stands on the left, as words do. */
  readonly text?: boolean;
  readonly value: (trade: PlacedTrade) => string;
}

export const COLUMNS: readonly Column[] = [
  { name: "Trade", value: ({ number }) => count(number) },
  { name: "Side", text: true, value: ({ side }) => side },
  { name: "Entry, UTC", text: true, value: (trade) => candleTime(Date.parse(trade.entry_time)) },
  { name: "Entry price", value: (trade) => price(trade.entry_price) },
  { name: "Stop", value: (trade) => price(trade.stop_loss) },
  { name: "Target", value: (trade) => price(trade.take_profit) },
  { name: "Exit, UTC", text: true, value: (trade) => candleTime(Date.parse(trade.exit_time)) },
  { name: "Exit price", value: (trade) => price(trade.exit_price) },
  { name: "Reason", text: true, value: (trade) => reason(trade.exit_reason) || "signal" },
  { name: "Profit", value: ({ pnl }) => fixed(pnl, 2) },
  { name: "Return", value: (trade) => share(trade.return_pct) },
  { name: "Fees", value: ({ fees }) => fixed(fees, 2) },
];

interface TradeRowProps {
  readonly number: number;
  /** Undefined while it is being read. */
  readonly trade: PlacedTrade | undefined;
  readonly chosen: boolean;
}

/** The cells of one trade; its number is the button that the row's click stands for. */
export function TradeRow({ number, trade, chosen }: TradeRowProps) {
  const [, ...others] = COLUMNS;
  return (
    <>
      <div className={`number ${classes.cell}`} role="cell">
        <button
          type="button"
          className={classes.pick}
          aria-pressed={chosen}
          aria-label={`Show trade ${number} on the chart`}
        >
          {count(number)}
        </button>
      </div>
      {others.map(({ name, text, value }) => (
        <div
          key={name}
          className={`number ${text ? classes.text : classes.cell} ${toneOf(name, trade)}`}
          role="cell"
        >
          {trade ? value(trade) : "…"}
        </div>
      ))}
    </>
  );
}

function toneOf(name: string, trade: PlacedTrade | undefined): string {
  if (name !== "Profit" || !trade) return "";
  return (trade.pnl < 0 ? classes.loss : classes.profit) ?? "";
}
