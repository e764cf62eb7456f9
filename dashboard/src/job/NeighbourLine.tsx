import type { Scored } from "../api/scores";
import type { Spec } from "../api/types";
import { count, score, share } from "../text/numbers";
import { NEAREST, neighbourhood, shapeOf } from "./neighbours";

interface NeighbourLineProps {
  readonly points: readonly Scored[];
  readonly space: Spec["space"];
  /** Whether the points are all that were recorded. */
  readonly whole: boolean;
}

/** Says whether the best stands on a plateau or alone. */
export function NeighbourLine({ points, space, whole }: NeighbourLineProps) {
  const around = neighbourhood(points, space);
  if (around === null) {
    return <p className="dim">Around the best: fewer than {NEAREST} other configurations are known.</p>;
  }
  const { best, median, reach } = around;
  return (
    <p className="number">
      Around the best (episode {count(best.number)}): the median score of its {count(around.count)} nearest
      configurations is <strong>{score(median)}</strong>
      {around.share !== null && (
        <>
          , {share(around.share, 0)} of the best: <strong>{shapeOf(around.share)}</strong>
        </>
      )}
      . They lie within {share(reach, 1)} of the searched ranges
      {whole ? "." : ", among the episodes that are drawn."}
    </p>
  );
}
