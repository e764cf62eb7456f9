import { useEffect, useEffectEvent, useRef } from "react";
import type { CandleWindow, PlacedTrade } from "../api/types";
import type { Span } from "../api/windows";
import classes from "./CandleChart.module.css";
import { CandleView } from "./CandleView";
import { usePalette } from "./palette";
import type { Beneath } from "./series";
import { nextWindow } from "./spans";

/** After so many milliseconds without a movement more candles are asked for. */
const RESTING = 120;

interface CandleChartProps {
  readonly window: CandleWindow;
  readonly beneath: Beneath;
  readonly trades: readonly PlacedTrade[];
  readonly chosen: PlacedTrade | null;
  /** The candles to bring into sight; each new object does so once. */
  readonly focus: Span | null;
  /** Asks for another window, where this one does not do for what is in sight. */
  readonly load: (span: Span) => void;
  /** What the chart shows, in a sentence. */
  readonly label: string;
}

/** Candles, and what is drawn beneath them on the same time axis; more are asked for as the reader moves. */
export function CandleChart({ window, beneath, trades, chosen, focus, load, label }: CandleChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<CandleView | null>(null);
  const seen = useRef<Span | null>(null);
  const gone = useRef<Span | null>(null);
  const palette = usePalette();
  const { kind } = beneath;

  const rested = useEffectEvent(() => {
    const visible = view.current?.visible ?? null;
    if (visible === null) return;
    seen.current = visible;
    const next = nextWindow(window, visible);
    if (next !== null) load(next);
  });
  const restored = useEffectEvent((made: CandleView) => {
    made.show(window, beneath);
    made.mark(trades, chosen);
    if (seen.current !== null) made.go(seen.current);
  });
  const followed = useEffectEvent(() => {
    if (focus === null || focus === gone.current) return;
    const next = nextWindow(window, focus);
    if (next === null) {
      gone.current = focus;
      view.current?.go(focus);
    } else {
      load(next);
    }
  });

  useEffect(() => {
    if (place.current === null) return;
    let resting = 0;
    const made = new CandleView(place.current, palette, kind, () => {
      clearTimeout(resting);
      resting = globalThis.setTimeout(rested, RESTING) as unknown as number;
    });
    view.current = made;
    restored(made);
    return () => {
      clearTimeout(resting);
      made.remove();
      view.current = null;
    };
  }, [palette, kind]);
  useEffect(() => view.current?.show(window, beneath), [window, beneath]);
  useEffect(() => view.current?.mark(trades, chosen), [window, trades, chosen]);
  useEffect(() => followed(), [window, focus]);

  return (
    <figure className={classes.figure}>
      <div ref={place} className={classes.chart} role="img" aria-label={label} />
      <figcaption className="dim">
        {kind === "account"
          ? "From above: price, equity, drawdown in percent. Dashed while a trade is open: its stop (red) and target (green). "
          : "From above: price, volume. "}
        Wheel and drag move and zoom. Charts by{" "}
        <a className="link" href="https://www.tradingview.com/" target="_blank" rel="noreferrer noopener">
          TradingView Lightweight Charts™
        </a>
      </figcaption>
    </figure>
  );
}
