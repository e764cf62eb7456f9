import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useKnownJobs } from "../api/known";
import { sentence } from "../api/problem";
import type { Dataset, Strategy } from "../api/types";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { ChoiceFields } from "./ChoiceFields";
import { candlesOf, episodesOf, estimate } from "./estimate";
import { withStrategy, type FormErrors, type JobForm, type ParameterForm } from "./form";
import { SearchFields } from "./FormFields";
import { ParameterRow } from "./ParameterRow";
import { useJobForm } from "./useJobForm";
import classes from "./NewJobPage.module.css";

interface FormProps {
  readonly start: JobForm;
  readonly strategies: readonly Strategy[];
  readonly datasets: readonly Dataset[];
}

export function NewJobForm({ start, strategies, datasets }: FormProps) {
  const job = useJobForm(start, strategies, datasets);
  const { form, strategy, errors, change } = job;
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Once the failure is shown: a field within a closed section can take the focus only then.
    if (job.failures > 0) {
      element.current?.querySelector<HTMLElement>('input[aria-invalid="true"]')?.focus();
    }
  }, [job.failures]);
  const set = (part: Partial<JobForm>) => change((before) => ({ ...before, ...part }));
  const parameters = strategy?.parameters ?? [];
  const episodes = episodesOf(form, parameters);
  return (
    <form ref={element} className="page" onSubmit={job.submit} noValidate>
      <h1>New job</h1>
      <div className={classes.columns}>
        <ChoiceFields
          form={form}
          errors={errors}
          set={set}
          strategies={strategies}
          datasets={datasets}
          choose={(chosen) => change((before) => withStrategy(before, chosen))}
        />
        <SearchFields form={form} errors={errors} set={set} parameters={parameters} />
      </div>
      {strategy?.error === null && (
        <Parameters strategy={strategy} form={form} errors={errors} change={job.setParameter} />
      )}
      <section className="panel row apart" aria-label="Start">
        <Estimate strategy={form.strategy} episodes={episodes} candles={candlesOf(datasets, form.data)} />
        <Button type="submit" variant="filled" size="sm" loading={job.isPending}>
          Start the job
        </Button>
      </section>
      {job.refusal !== null && (
        <Notice tone="bad" title="The job was not made" announced>
          <Prose text={sentence(job.refusal)} />
        </Notice>
      )}
      {job.tried && Object.keys(job.broken).length > 0 && (
        <Notice tone="bad" announced>
          Some fields above need another value.
        </Notice>
      )}
    </form>
  );
}

interface ParametersProps {
  readonly strategy: Strategy;
  readonly form: JobForm;
  readonly errors: FormErrors;
  readonly change: (name: string, form: ParameterForm) => void;
}

function Parameters({ strategy, form, errors, change }: ParametersProps) {
  return (
    <section className={`panel ${classes.fields}`} aria-labelledby="params">
      <h2 id="params">Parameters</h2>
      {errors.params !== undefined && (
        <p className={classes.error} role="alert">
          {errors.params}
        </p>
      )}
      {strategy.parameters.map((parameter) => {
        const given = form.params[parameter.name];
        return (
          given && (
            <ParameterRow
              key={parameter.name}
              parameter={parameter}
              form={given}
              error={errors[`params.${parameter.name}`]}
              change={change}
            />
          )
        );
      })}
      {strategy.parameters.length === 0 && (
        <p className="dim">It declares none: there is nothing to search.</p>
      )}
    </section>
  );
}

interface EstimateProps {
  readonly strategy: string;
  readonly episodes: number | null;
  readonly candles: number | null;
}

/** Apart from the form: it changes with every event of a running job. */
function Estimate({ strategy, episodes, candles }: EstimateProps) {
  return <p className="number">{estimate(useKnownJobs(), strategy, episodes, candles)}</p>;
}
