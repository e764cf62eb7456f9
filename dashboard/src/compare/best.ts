import { LESS } from "../job/order";
import { METRICS } from "../text/metrics";

type Value = number | null | undefined;

/** Metrics of which neither more nor less is better. */
const NEITHER: readonly string[] = ["trades", "exposure"];

/** Return the places of the best values; none where fewer than two are known, or all are equal. */
export function bestSides(values: readonly Value[], less = false): number[] {
  const known = values.filter((value) => value !== null && value !== undefined);
  const best = less ? Math.min(...known) : Math.max(...known);
  if (known.length < 2 || known.every((value) => value === best)) return [];
  return values.flatMap((value, place) => (value === best ? [place] : []));
}

/** Return which sides are the best in a metric: none where more of it is not better or worse. */
export function bestOfMetric(name: string, values: readonly Value[]): number[] {
  return NEITHER.includes(name) || !(name in METRICS) ? [] : bestSides(values, LESS.includes(name));
}
