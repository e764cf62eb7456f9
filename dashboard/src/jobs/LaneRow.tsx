import { memo } from "react";
import { Bar } from "../parts/Bar";
import { Figure } from "../parts/Figure";
import { count, percent, UNKNOWN } from "../text/numbers";
import { stageName } from "../text/stages";
import { duration } from "../text/times";
import type { RunningEpisode } from "../api/types";
import classes from "./LaneRow.module.css";

/** After so long without a candle it is worth a word. */
const STILL_SECONDS = 10;

const WIDEST_STAGE = stageName("signal_generation");

/** The line of an episode under way, as the terminal has it. */
export function candleLine(episode: RunningEpisode): string {
  const done = count(episode.candles_processed);
  const stage = stageName(episode.stage);
  return `Processing candle ${done}/${count(episode.total_candles)} (${percent(episode.percent)}) - ${stage}`;
}

/** The same line, in which nothing moves as the figures grow. */
function CandleLine({ episode }: { readonly episode: RunningEpisode }) {
  const total = count(episode.total_candles);
  return (
    <>
      Processing candle <Figure widest={total}>{count(episode.candles_processed)}</Figure>/{total}{" "}
      <Figure widest="(100.0%)" align="start">{`(${percent(episode.percent)})`}</Figure> -{" "}
      <Figure widest={WIDEST_STAGE} align="start">
        {stageName(episode.stage)}
      </Figure>
    </>
  );
}

interface LaneRowProps {
  readonly episode: RunningEpisode | null;
  readonly worker?: string;
  /** Whether it stands in a card, where its line takes two. */
  readonly narrow?: boolean;
}

/** One worker's running episode: which candle it is at, and a thin bar over both of its stages. */
export const LaneRow = memo(function LaneRow({ episode, worker, narrow = false }: LaneRowProps) {
  const name = episode === null ? UNKNOWN : `#${count(episode.number)}`;
  const line = episode === null ? "Between two episodes" : candleLine(episode);
  const still = episode !== null && episode.idle_seconds >= STILL_SECONDS;
  return (
    <div className={classes.lane}>
      <div className={classes.words} data-narrow={narrow}>
        <span className={`number ${classes.episode ?? ""}`}>{name}</span>
        <span className={`number ${classes.candle ?? ""}`} title={worker}>
          {episode === null ? line : <CandleLine episode={episode} />}
        </span>
        {still && (
          <span className={`number ${classes.still ?? ""}`}>
            no candle for {duration(episode.idle_seconds)}
          </span>
        )}
      </div>
      <Bar
        thin
        value={episode === null ? 0 : episode.fraction * 100}
        label={episode === null ? "No episode" : `Episode ${episode.number}`}
        text={line}
        tone={still ? "wait" : "live"}
      />
    </div>
  );
});
