import { memo } from "react";
import { bestSoFar, type Best } from "../api/scores";
import { score } from "../text/numbers";
import classes from "./Sparkline.module.css";

const WIDTH = 120;
const HEIGHT = 28;
const PAD = 2;

/** The best score so far over the episodes, as a small stepped line. */
export const Sparkline = memo(function Sparkline({ points }: { readonly points: readonly Best[] }) {
  const best = bestSoFar(points);
  const first = best[0];
  const last = best.at(-1);
  if (!first || !last) return <span className={classes.empty} aria-hidden="true" />;
  const label = `Best score from ${score(first.score)} at episode ${first.number} to ${score(last.score)}`;
  return (
    <svg className={classes.line} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path d={steps(best, first, last)} />
    </svg>
  );
});

function steps(best: readonly Best[], first: Best, last: Best): string {
  const span = Math.max(1, last.number - first.number);
  const rise = last.score - first.score;
  const x = (point: Best) => PAD + ((point.number - first.number) / span) * (WIDTH - 2 * PAD);
  // A score that never rose is a line in the middle.
  const y = (point: Best) =>
    HEIGHT - PAD - (rise === 0 ? 0.5 : (point.score - first.score) / rise) * (HEIGHT - 2 * PAD);
  const drawn = best.map((point) => `H${x(point).toFixed(1)}V${y(point).toFixed(1)}`).join("");
  return `M${PAD} ${y(first).toFixed(1)}${drawn}H${WIDTH - PAD}`;
}
