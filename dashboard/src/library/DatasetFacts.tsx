import type { Dataset } from "../api/types";
import { count } from "../text/numbers";
import { candleTime } from "../text/times";

function time(moment: string | null): string {
  return candleTime(moment === null ? null : Date.parse(moment));
}

/** What a dataset holds: how many candles, from when to when, and where some are missing. */
export function DatasetFacts({ dataset }: { readonly dataset: Dataset }) {
  if (dataset.error !== null) return <p className="name">{dataset.error}</p>;
  const gaps = dataset.gaps === 1 ? "1 gap" : `${count(dataset.gaps)} gaps`;
  return (
    <p className="dim number">
      {count(dataset.candles)} candles of {dataset.interval ?? "no common length"}, {time(dataset.first)} to{" "}
      {time(dataset.last)} UTC, {gaps}
      {dataset.synthetic && ", synthetic"}
    </p>
  );
}
