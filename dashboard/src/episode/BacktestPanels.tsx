import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useMemo, useState } from "react";
import type { BacktestWindow, Episode, PlacedTrade } from "../api/types";
import { pageOf, useBacktestWindow, useTrades, type Span } from "../api/windows";
import { BarsNote } from "../charts/BarsNote";
import { LazyCandleChart } from "../charts/LazyCandleChart";
import { accountOf } from "../charts/series";
import { around } from "../charts/spans";
import { Failure } from "../parts/Failure";
import { Notice } from "../parts/Notice";
import { count } from "../text/numbers";
import { MetricsPanel } from "./MetricsPanel";
import { TradesTable } from "./TradesTable";
import chart from "../charts/CandleChart.module.css";
import classes from "./EpisodePage.module.css";

const LABEL =
  "Candles with entries and exits, equity and drawdown beneath; the trades stand in the table below";

/** What an episode did: its chart, its metrics, its trades. */
export function BacktestPanels({ episode }: { readonly episode: Episode }) {
  const { job_id: jobId, number } = episode;
  const [span, setSpan] = useState<Span | null>(null);
  const { data, error, refetch } = useBacktestWindow(jobId, number, span);
  const { trade: asked } = useSearch({ from: "/jobs/$jobId/episodes/$number" });
  const navigate = useNavigate({ from: "/jobs/$jobId/episodes/$number" });
  const chosen = data && asked !== undefined && asked <= data.total_trades ? asked : null;
  // The trades are asked for when the run is at hand: side by side they would wait for each other.
  const { trades } = useTrades(jobId, number, chosen === null ? [] : [pageOf(chosen)]);
  const choose = (trade: number) => {
    document.getElementById("chart")?.scrollIntoView({ block: "nearest" });
    void navigate({ search: { trade }, replace: true, resetScroll: false });
  };
  return (
    <>
      <section className={`panel ${classes.chart}`} id="chart" aria-label="Chart">
        {error && <Failure what="It cannot be drawn" error={error} retry={() => void refetch()} />}
        {data?.ruined && <Notice tone="bad">The account was ruined: its equity fell to zero.</Notice>}
        {!data && !error && <p className="dim">Running the backtest again …</p>}
        {data && (
          <ChartOf
            window={data}
            chosen={(chosen === null ? null : trades.get(chosen)) ?? null}
            load={setSpan}
          />
        )}
      </section>
      {episode.metrics && <MetricsPanel metrics={episode.metrics} />}
      {data && (
        <TradesTable
          jobId={jobId}
          episode={number}
          total={data.total_trades}
          chosen={chosen}
          choose={choose}
        />
      )}
    </>
  );
}

interface ChartOfProps {
  readonly window: BacktestWindow;
  readonly chosen: PlacedTrade | null;
  readonly load: (span: Span) => void;
}

function ChartOf({ window, chosen, load }: ChartOfProps) {
  const beneath = useMemo(() => accountOf(window), [window]);
  const focus = useMemo(
    () => chosen && around({ start: chosen.entry_index, stop: chosen.exit_index + 1 }),
    [chosen],
  );
  const { touching, trades } = window;
  return (
    <Suspense fallback={<p className="dim">Drawing …</p>}>
      <LazyCandleChart
        window={window}
        beneath={beneath}
        trades={trades}
        chosen={chosen}
        focus={focus}
        load={load}
        label={LABEL}
      />
      <BarsNote window={window} />
      <p className={`dim number ${chart.note}`}>
        {touching > trades.length
          ? `Of ${count(touching)} trades the ${count(trades.length)} that won or lost most are marked; zoom in to see all.`
          : `${count(touching)} ${touching === 1 ? "trade is" : "trades are"} marked.`}
      </p>
    </Suspense>
  );
}
