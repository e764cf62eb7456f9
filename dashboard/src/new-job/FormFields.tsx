import { Select, TextInput } from "@mantine/core";
import type { Dataset, Strategy } from "../api/types";
import { DatasetFacts } from "../library/DatasetFacts";
import { metricLabel, OBJECTIVES } from "../text/metrics";
import { visible } from "../text/visible";
import { EMPTY, type Field, type FormErrors, type JobForm } from "./form";
import classes from "./NewJobPage.module.css";

export interface FieldsProps {
  readonly form: JobForm;
  readonly errors: FormErrors;
  readonly set: (part: Partial<JobForm>) => void;
}

interface ChoiceProps extends FieldsProps {
  readonly strategies: readonly Strategy[];
  readonly datasets: readonly Dataset[];
  readonly choose: (strategy: Strategy) => void;
}

/** What is trained, and on which candles. */
export function ChoiceFields({ form, errors, set, strategies, datasets, choose }: ChoiceProps) {
  const strategy = strategies.find((one) => one.name === form.strategy);
  const dataset = datasets.find((one) => one.name === form.data);
  const usable = datasets.filter((one) => one.error === null).map((one) => one.name);
  return (
    <section className={`panel ${classes.fields}`} aria-labelledby="what">
      <h2 id="what">What to train, and on what</h2>
      <Select
        label="Strategy"
        placeholder="Choose one"
        searchable
        value={form.strategy || null}
        data={strategies.filter((one) => one.error === null).map((one) => one.name)}
        error={errors.strategy}
        onChange={(name) => {
          const chosen = strategies.find((one) => one.name === name);
          if (chosen) choose(chosen);
        }}
      />
      {strategy && <p className="dim">{visible(strategy.docs) || "Its author wrote no word about it."}</p>}
      <Select
        label="Candles"
        placeholder="Choose some"
        searchable
        value={form.data || null}
        // A duplicated job may name a sample with settings of its own.
        data={[...new Set([...usable, ...(form.data ? [form.data] : [])])]}
        error={errors.data}
        onChange={(data) => set({ data: data ?? "" })}
      />
      {dataset && <DatasetFacts dataset={dataset} />}
    </section>
  );
}

const OPTIMIZERS = [
  { value: "bayesian", label: "bayesian: learns from the episodes before" },
  { value: "random", label: "random: anywhere in the ranges" },
  { value: "grid", label: "grid: every combination" },
];

/** How it is searched, and by which rules the money is counted. */
export function SearchFields({ form, errors, set }: FieldsProps) {
  const text = (field: Field, label: string, description?: string) => (
    <TextInput
      label={label}
      description={description}
      inputMode="decimal"
      className="number"
      value={form[field]}
      error={errors[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <section className={`panel ${classes.fields}`} aria-labelledby="how">
      <h2 id="how">How to search</h2>
      <Select
        label="Optimizer"
        value={form.optimizer}
        data={OPTIMIZERS}
        onChange={(name) => set({ optimizer: (name ?? EMPTY.optimizer) as JobForm["optimizer"] })}
      />
      <Select
        label="Objective, as large as possible"
        searchable
        value={form.objective}
        data={OBJECTIVES.map((name) => ({ value: name, label: metricLabel(name) }))}
        error={errors.objective}
        onChange={(objective) => set({ objective: objective ?? EMPTY.objective })}
      />
      {text("episodes", "Episodes", "Configurations to try; empty for all of a grid")}
      {text("seed", "Seed", "The same seed gives the same job")}
      <details
        className={classes.more}
        open={[
          "fee",
          "slippage",
          "position_size",
          "initial_cash",
          "episode_timeout",
          "episode_memory",
          "priority",
        ].some((field) => field in errors)}
      >
        <summary>Costs, money and limits</summary>
        <div className={classes.fields}>
          {text("fee", "Fee", "Fraction of the notional, on entry and on exit")}
          {text("slippage", "Slippage", "Fraction by which fills are worse")}
          {text("position_size", "Position size", "Fraction of the equity that an entry invests")}
          {text("initial_cash", "Money at the start")}
          {text("episode_timeout", "Time limit of an episode", "Seconds; empty for none")}
          {text("episode_memory", "Memory limit of an episode", "Megabytes; empty for none")}
          {text("priority", "Priority", "Higher ones run first")}
        </div>
      </details>
    </section>
  );
}
