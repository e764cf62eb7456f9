import { Select, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Parameter } from "../api/types";
import { metricLabel, OBJECTIVES } from "../text/metrics";
import { EMPTY, type Field, type FormErrors, type JobForm } from "./form";
import { gridText } from "./levels";
import classes from "./NewJobPage.module.css";

export interface FieldsProps {
  readonly form: JobForm;
  readonly errors: FormErrors;
  readonly set: (part: Partial<JobForm>) => void;
}

const OPTIMIZERS = [
  { value: "bayesian", label: "bayesian: learns from the episodes before" },
  { value: "random", label: "random: anywhere in the ranges" },
  { value: "grid", label: "grid: every combination" },
];

const MORE: readonly Field[] = [
  "fee",
  "slippage",
  "terms",
  "position_size",
  "initial_cash",
  "episode_timeout",
  "episode_memory",
  "priority",
];

interface SearchProps extends FieldsProps {
  readonly parameters: readonly Parameter[];
}

/** How it is searched, and by which rules the money is counted. */
export function SearchFields({ form, errors, set, parameters }: SearchProps) {
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
  const grid = form.optimizer === "grid" ? gridText(form, parameters) : null;
  return (
    <section className={`panel ${classes.fields}`} aria-labelledby="how">
      <h2 id="how">How to search</h2>
      <Select
        label="Optimizer"
        error={errors.optimizer}
        value={form.optimizer}
        data={OPTIMIZERS}
        onChange={(name) => set({ optimizer: (name ?? EMPTY.optimizer) as JobForm["optimizer"] })}
      />
      {grid !== null && <p className="dim number">{grid}</p>}
      <Select
        label="Objective, as large as possible"
        searchable
        value={form.objective}
        data={OBJECTIVES.map((name) => ({ value: name, label: metricLabel(name) }))}
        error={errors.objective}
        onChange={(objective) => set({ objective: objective ?? EMPTY.objective })}
      />
      {text(
        "episodes",
        "Episodes",
        form.optimizer === "grid" ? "Empty: the whole grid" : "Configurations to try; empty: 100",
      )}
      {text("seed", "Seed", "The same seed gives the same job")}
      <More wrong={MORE.some((field) => field in errors)}>
        {text("fee", "Fee", "Fraction of the notional, on entry and on exit")}
        {text("slippage", "Slippage", "Fraction by which fills are worse")}
        {text("position_size", "Position size", "Fraction of the equity that an entry invests")}
        {text("initial_cash", "Money at the start")}
        {text("terms", "Terms of trading", "Such as trailing_stop=0.02 sides=long; empty for the usual ones")}
        {text("episode_timeout", "Time limit of an episode", "Seconds; empty for none")}
        {text("episode_memory", "Memory limit of an episode", "Megabytes; empty for none")}
        {text("priority", "Priority", "Higher ones run first")}
      </More>
    </section>
  );
}

interface MoreProps {
  readonly wrong: boolean;
  readonly children: ReactNode;
}

/** What is mostly left as it is. It opens where a field inside is wrong, and stays so when that is mended. */
function More({ wrong, children }: MoreProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={classes.more}
      open={open || wrong}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Costs, money and limits</summary>
      <div className={classes.fields}>{children}</div>
    </details>
  );
}
