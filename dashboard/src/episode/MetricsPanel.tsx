import type { Episode } from "../api/types";
import { METRICS, metricLabel, metricValue } from "../text/metrics";
import classes from "./MetricsPanel.module.css";

/** Every metric with its value and what it means. */
export function MetricsPanel({ metrics }: { readonly metrics: NonNullable<Episode["metrics"]> }) {
  const known = Object.keys(METRICS).filter((name) => name in metrics);
  const others = Object.keys(metrics).filter((name) => !(name in METRICS));
  return (
    <section className="panel" aria-labelledby="metrics">
      <h2 id="metrics">Metrics</h2>
      <dl className={classes.metrics}>
        {[...known, ...others].map((name) => (
          <div key={name}>
            <dt>{metricLabel(name)}</dt>
            <dd className={`number ${classes.value}`}>{metricValue(name, metrics[name])}</dd>
            <dd className={classes.meaning}>{METRICS[name]?.meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
