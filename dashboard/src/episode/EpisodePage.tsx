import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useBacktest, useEpisode } from "../api/episodes";
import type { Episode, Trade } from "../api/types";
import { Failure } from "../parts/Failure";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { count, parameter, score } from "../text/numbers";
import { MetricsPanel } from "./MetricsPanel";
import { TradesTable } from "./TradesTable";
import classes from "./EpisodePage.module.css";

const CandleChart = lazy(() =>
  import("./CandleChart").then(({ CandleChart: component }) => ({ default: component })),
);

/** So many bars and points of equity show what a screen can. */
const POINTS = 5000;

/** One episode: its candles and trades, its equity, its metrics. */
export function EpisodePage() {
  const { jobId, number } = useParams({ from: "/jobs/$jobId/episodes/$number" });
  const episode = useEpisode(jobId, Number(number));
  return (
    <div className="page">
      <p>
        <Link className="link" to="/jobs/$jobId" params={{ jobId }}>
          ← The job
        </Link>
      </p>
      <h1 className="number">Episode {number}</h1>
      {episode.error && !episode.data && (
        <Failure
          what="This episode cannot be shown"
          error={episode.error}
          retry={() => void episode.refetch()}
        />
      )}
      {episode.isPending && <p className="dim">Reading the episode …</p>}
      {episode.data && <Shown episode={episode.data} />}
    </div>
  );
}

function Shown({ episode }: { readonly episode: Episode }) {
  return (
    <>
      <section className="panel" aria-labelledby="params">
        <h2 id="params">Parameters</h2>
        <dl className={classes.params}>
          <div>
            <dt>score</dt>
            <dd className="number">{score(episode.score)}</dd>
          </div>
          {Object.entries(episode.params).map(([name, value]) => (
            <div key={name}>
              <dt className="name">{name}</dt>
              <dd className="number name">{parameter(value)}</dd>
            </div>
          ))}
        </dl>
      </section>
      {episode.state === "completed" ? (
        <Backtest episode={episode} />
      ) : (
        <Notice tone={episode.state === "failed" ? "bad" : "wait"} title={`This episode is ${episode.state}`}>
          <Prose text={episode.error ?? "There is nothing to draw."} />
          <p className="number">
            It came to candle {count(episode.candles_processed)} of {count(episode.total_candles)}.
          </p>
        </Notice>
      )}
    </>
  );
}

function Backtest({ episode }: { readonly episode: Episode }) {
  const { data, error, refetch } = useBacktest(episode.job_id, episode.number, POINTS);
  const [trade, setTrade] = useState<Trade | null>(null);
  const show = (chosen: Trade) => {
    setTrade(chosen);
    document.getElementById("chart")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <section className={`panel ${classes.chart}`} id="chart" aria-label="Chart">
        {error && !data && <Failure what="It cannot be drawn" error={error} retry={() => void refetch()} />}
        {data?.ruined && <Notice tone="bad">The account was ruined: its equity fell to zero.</Notice>}
        {!data && !error && <p className="dim">Running the backtest again …</p>}
        {data && (
          <Suspense fallback={<p className="dim">Drawing …</p>}>
            <CandleChart backtest={data} trade={trade} />
          </Suspense>
        )}
        {data && data.candles.index.length < data.total_candles && (
          <p className="dim number">
            {count(data.total_candles)} candles are drawn as {count(data.candles.index.length)} bars; no high
            and no low is lost.
          </p>
        )}
      </section>
      {episode.metrics && <MetricsPanel metrics={episode.metrics} />}
      {data && <TradesTable backtest={data} chosen={trade} choose={show} />}
    </>
  );
}
