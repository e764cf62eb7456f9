import type {
  IPrimitivePaneRenderer,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
} from "lightweight-charts";
import type { CandleWindow, PlacedTrade } from "../api/types";
import type { Palette } from "./palette";
import { barOf } from "./spans";

/** Of more trades in sight only the chosen one has its lines: others would hide the candles. */
const MOST = 40;
const DASH = 4;
const FAINT = 0.12;

interface Line {
  readonly from: number;
  readonly to: number;
  readonly trade: PlacedTrade;
}

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];

/** Draws of each trade a line from entry to exit, and its stop and target while it was open. */
export class TradeLines implements ISeriesPrimitive {
  readonly #palette: Palette;
  readonly #views = [{ renderer: () => ({ draw: (target: Target) => this.#draw(target) }) }];
  #attached: SeriesAttachedParameter | null = null;
  #lines: Line[] = [];
  #chosen: number | null = null;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  attached(attached: SeriesAttachedParameter): void {
    this.#attached = attached;
  }

  detached(): void {
    this.#attached = null;
  }

  paneViews() {
    return this.#views;
  }

  /** Set the trades to draw, and the one that is chosen, which is drawn whatever else is. */
  show(window: CandleWindow, trades: readonly PlacedTrade[], chosen: PlacedTrade | null): void {
    const known = chosen === null || trades.some(({ number }) => number === chosen.number);
    const all = known ? trades : [...trades, chosen];
    this.#lines = all.map((trade) => ({
      from: barOf(window, trade.entry_index),
      to: barOf(window, trade.exit_index),
      trade,
    }));
    this.#chosen = chosen?.number ?? null;
    this.#attached?.requestUpdate();
  }

  /** The stop and the target of the chosen trade belong to what is to be seen. */
  autoscaleInfo(start: Logical, end: Logical) {
    const line = this.#lines.find(({ trade }) => trade.number === this.#chosen);
    if (!line || line.to < start || line.from > end) return null;
    const { stop_loss: stop, take_profit: target, entry_price: entry, exit_price: exit } = line.trade;
    const prices = [stop, target, entry, exit].filter((price) => price !== null);
    return { priceRange: { minValue: Math.min(...prices), maxValue: Math.max(...prices) } };
  }

  #draw(target: Target): void {
    const range = this.#attached?.chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    const inSight = this.#lines.filter(({ from, to }) => to >= range.from && from <= range.to);
    const drawn =
      inSight.length > MOST ? inSight.filter(({ trade }) => trade.number === this.#chosen) : inSight;
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      context.save();
      for (const line of drawn) this.#drawTrade(context, line, mediaSize.height);
      context.restore();
    });
  }

  #drawTrade(context: CanvasRenderingContext2D, { from, to, trade }: Line, height: number): void {
    const { good, bad, live } = this.#palette;
    const place = (bar: number) => this.#attached?.chart.timeScale().logicalToCoordinate(bar as Logical) ?? 0;
    const half = Math.max(1, (place(1) - place(0)) / 2);
    const [left, right] = [place(from), place(to)];
    const chosen = trade.number === this.#chosen;
    if (chosen) {
      context.globalAlpha = FAINT;
      context.fillStyle = live;
      context.fillRect(left - half, 0, right - left + 2 * half, height);
      context.globalAlpha = 1;
    }
    const line = (color: string, width: number, dash: number[], ...[y1, y2]: readonly number[]) => {
      const [first, last] = [this.#height(y1), this.#height(y2)];
      if (first === null || last === null) return;
      const flat = y1 === y2 ? half : 0;
      context.strokeStyle = color;
      context.lineWidth = width;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(left - flat, first);
      context.lineTo(right + flat, last);
      context.stroke();
    };
    const width = chosen ? 2 : 1;
    line(live, width, [], trade.entry_price, trade.exit_price);
    if (trade.stop_loss !== null) line(bad, width, [DASH, DASH], trade.stop_loss, trade.stop_loss);
    if (trade.take_profit !== null) line(good, width, [DASH, DASH], trade.take_profit, trade.take_profit);
  }

  #height(price: number | undefined): number | null {
    return this.#attached?.series.priceToCoordinate(price ?? 0) ?? null;
  }
}
