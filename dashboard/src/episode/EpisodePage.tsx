import { Link, useParams } from "@tanstack/react-router";
import { useEpisode } from "../api/episodes";
import type { Episode } from "../api/types";
import { Failure } from "../parts/Failure";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { count, parameter, score } from "../text/numbers";
import { BacktestPanels } from "./BacktestPanels";
import classes from "./EpisodePage.module.css";

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
        <BacktestPanels episode={episode} />
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
