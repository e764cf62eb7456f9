import { Button, CopyButton } from "@mantine/core";
import type { Job } from "../api/types";
import { count, parameter, share, UNKNOWN } from "../text/numbers";
import { clock, duration } from "../text/times";
import { metricLabel } from "../text/metrics";
import { trainCommand } from "./command";
import { searches, searchText } from "./space";
import { termTexts } from "./terms";
import classes from "./JobSpecPanel.module.css";

const USUAL_CASH = 10_000;
const USUAL_WINDOW = 8;

/** What a job was asked to do, what identifies its result, and the command that repeats it. */
export function JobSpecPanel({ job }: { readonly job: Job }) {
  const { spec } = job;
  const command = trainCommand(spec);
  const facts: [name: string, value: string][] = [
    ["Data", `${spec.data}${spec.synthetic ? " (synthetic)" : ""}, ${count(spec.candles)} candles`],
    [
      "Search",
      `${spec.optimizer}, ${count(spec.episodes)} episodes, seed ${spec.seed}, window ${spec.window}`,
    ],
    ["Objective", metricLabel(spec.objective)],
    ["Costs", `fee ${share(spec.fee)}, slippage ${share(spec.slippage)}`],
    ["Terms", termTexts(spec).join(", ") || "the usual ones"],
    ["Position", `${share(spec.position_size, 0)} of the equity, ${count(spec.initial_cash)} at the start`],
    ["Fingerprint", job.fingerprint ?? UNKNOWN],
    ["Data identity", spec.data_hash],
    ["Code identity", spec.strategy_code || UNKNOWN],
    ["Job", job.id],
    ["Attempt", `${count(job.attempt)}, worker ${job.worker ?? UNKNOWN}`],
    ["Made", clock(job.created_at)],
    ["Started", clock(job.started_at)],
    ["Ended", clock(job.finished_at)],
    ["Ran for", duration(job.elapsed_seconds)],
  ];
  return (
    <section className={`panel ${classes.spec}`} aria-labelledby="spec">
      <h2 id="spec">What it is</h2>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number name">{value}</dd>
          </div>
        ))}
      </dl>
      <h3>Parameters</h3>
      <dl className={classes.facts}>
        {searches(spec.space).map(([name, search]) => (
          <div key={name}>
            <dt className="name">{name}</dt>
            <dd className="number name">
              {search.kind === "fixed" ? `${parameter(search.value)}, fixed` : searchText(search)}
            </dd>
          </div>
        ))}
      </dl>
      <h3>The command that repeats it</h3>
      <pre className={`code ${classes.command}`} tabIndex={0} aria-label="The command that repeats the job">
        {command}
      </pre>
      {(spec.initial_cash !== USUAL_CASH || spec.window !== USUAL_WINDOW) && (
        <p className="dim">
          Money at the start and window have no option on the command line: duplicate the job here instead.
        </p>
      )}
      <div className="row">
        <CopyButton value={command}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? "Copied" : "Copy the command"}</Button>}
        </CopyButton>
      </div>
    </section>
  );
}
