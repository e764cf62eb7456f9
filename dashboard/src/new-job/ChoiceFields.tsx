import { Select } from "@mantine/core";
import type { Dataset, Strategy } from "../api/types";
import { DatasetFacts } from "../library/DatasetFacts";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { visible } from "../text/visible";
import type { FieldsProps } from "./FormFields";
import classes from "./NewJobPage.module.css";

interface ChoiceProps extends FieldsProps {
  readonly strategies: readonly Strategy[];
  readonly datasets: readonly Dataset[];
  readonly choose: (strategy: Strategy) => void;
}

/** What is trained, and on which candles. */
export function ChoiceFields({ form, errors, set, strategies, datasets, choose }: ChoiceProps) {
  const strategy = strategies.find((one) => one.name === form.strategy);
  const dataset = datasets.find((one) => one.name === form.data);
  return (
    <section className={`panel ${classes.fields}`} aria-labelledby="what">
      <h2 id="what">What to train, and on what</h2>
      <Select
        label="Strategy"
        placeholder="Choose one"
        searchable
        // Sent to a field that is wrong, one should read what is wrong: the list would cover it.
        openOnFocus={false}
        value={form.strategy || null}
        data={options(strategies, form.strategy)}
        error={errors.strategy}
        onChange={(name) => {
          const chosen = strategies.find((one) => one.name === name);
          if (chosen) choose(chosen);
        }}
      />
      {strategy && <StrategyFacts strategy={strategy} />}
      <Select
        label="Candles"
        placeholder="Choose some"
        searchable
        openOnFocus={false}
        value={form.data || null}
        data={options(datasets, form.data)}
        error={errors.data}
        onChange={(data) => set({ data: data ?? "" })}
      />
      {dataset && <DatasetFacts dataset={dataset} />}
    </section>
  );
}

/**
 * List what there is, each name once; what cannot be used may be looked at, and says why.
 *
 * A duplicated job may name what the lists do not hold: a sample with settings of its own, a file.
 */
function options(all: readonly (Strategy | Dataset)[], chosen: string) {
  const listed = new Map(
    all.map(({ name, error }) => [name, error === null ? name : `${name} (cannot be used)`]),
  );
  // Of two with one name the first is the one that a job gets.
  for (const { name, error } of [...all].reverse()) if (error === null) listed.set(name, name);
  if (chosen !== "" && !listed.has(chosen)) listed.set(chosen, chosen);
  return [...listed].map(([value, label]) => ({ value, label }));
}

/** What a strategy's author wrote about it, all of it; or why it cannot be used. */
function StrategyFacts({ strategy }: { readonly strategy: Strategy }) {
  const { docs, docstring, error } = strategy;
  const rest = docstring.startsWith(docs) ? docstring.slice(docs.length).trim() : docstring;
  return (
    <>
      {error !== null && (
        <Notice tone="bad" title={`${strategy.name} cannot be used`} announced>
          <Prose text={error} />
        </Notice>
      )}
      {error === null && <p className="dim name">{visible(docs) || "Its author wrote no word about it."}</p>}
      {rest !== "" && (
        <details className={classes.more}>
          <summary>All that its author wrote</summary>
          {/* Its lines and indentation carry the sense: lists, examples. */}
          <pre className={classes.docs} tabIndex={0}>
            {visible(rest)}
          </pre>
        </details>
      )}
    </>
  );
}
