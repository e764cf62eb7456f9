import { Button } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState, type SyntheticEvent } from "react";
import { useCreateJob, useJob } from "../api/jobs";
import { useKnownJobs } from "../api/known";
import { Problem, sentence } from "../api/problem";
import { useDatasets, useStrategies } from "../api/service";
import type { Dataset, Strategy } from "../api/types";
import { Failure } from "../parts/Failure";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { candlesOf, estimate } from "./estimate";
import {
  EMPTY,
  likeJob,
  requestOf,
  withStrategy,
  type FormErrors,
  type JobForm,
  type ParameterForm,
} from "./form";
import { ChoiceFields, SearchFields } from "./FormFields";
import { ParameterRow } from "./ParameterRow";
import { errorsFromServer, errorsOf } from "./rules";
import classes from "./NewJobPage.module.css";

/** Make a job: anew, or like another one. */
export function NewJobPage() {
  const { like } = useSearch({ from: "/new" });
  return like === undefined ? <Catalog start={null} /> : <Duplicate id={like} />;
}

function Duplicate({ id }: { readonly id: string }) {
  const { data: job, error } = useJob(id);
  if (error !== null && !job) return <Failure what="The job to duplicate cannot be read" error={error} />;
  return job ? <Catalog start={likeJob(job)} /> : <p className="dim">Reading the job …</p>;
}

function Catalog({ start }: { readonly start: JobForm | null }) {
  const { strategy, data } = useSearch({ from: "/new" });
  const strategies = useStrategies();
  const datasets = useDatasets();
  const failed = [strategies, datasets].find((query) => query.error !== null && !query.data);
  if (failed) {
    return (
      <Failure
        what="Strategies and candles cannot be read"
        error={failed.error}
        retry={() => void failed.refetch()}
      />
    );
  }
  if (!strategies.data || !datasets.data) return <p className="dim">Reading strategies and candles …</p>;
  const chosen = strategies.data.find((one) => one.name === strategy && one.error === null);
  const blank = { ...EMPTY, data: data ?? "" };
  const first = start ?? (chosen ? withStrategy(blank, chosen) : blank);
  return <NewJobForm start={first} strategies={strategies.data} datasets={datasets.data} />;
}

interface FormProps {
  readonly start: JobForm;
  readonly strategies: readonly Strategy[];
  readonly datasets: readonly Dataset[];
}

function NewJobForm({ start, strategies, datasets }: FormProps) {
  const [form, setForm] = useState(start);
  const [tried, setTried] = useState(false);
  const [key, setKey] = useState(newKey);
  const create = useCreateJob();
  const navigate = useNavigate();
  const jobs = useKnownJobs();
  const strategy = strategies.find((one) => one.name === form.strategy);
  const broken = errorsOf(form, strategy);
  const refused = create.error instanceof Problem ? errorsFromServer(create.error.errors) : {};
  const errors = shownErrors({ ...refused, ...broken }, tried);
  const change = (next: (before: JobForm) => JobForm) => {
    setForm(next);
    // What was refused is another request now, and may be sent under another key.
    setKey(newKey());
    create.reset();
  };
  const set = (part: Partial<JobForm>) => change((before) => ({ ...before, ...part }));
  const setParameter = useCallback((name: string, given: ParameterForm) => {
    setForm((before) => ({ ...before, params: { ...before.params, [name]: given } }));
    setKey(newKey());
  }, []);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (!strategy || Object.keys(broken).length > 0) return;
    create.mutate(
      { request: requestOf(form, strategy), key },
      { onSuccess: (job) => void navigate({ to: "/jobs/$jobId", params: { jobId: job.id } }) },
    );
  };
  return (
    <form className="page" onSubmit={submit} noValidate>
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
        <SearchFields form={form} errors={errors} set={set} />
      </div>
      {strategy && (
        <section className={`panel ${classes.fields}`} aria-labelledby="params">
          <h2 id="params">Parameters</h2>
          {strategy.parameters.map((parameter) => {
            const given = form.params[parameter.name];
            return (
              given && (
                <ParameterRow
                  key={parameter.name}
                  parameter={parameter}
                  form={given}
                  error={errors[`params.${parameter.name}`]}
                  change={setParameter}
                />
              )
            );
          })}
          {strategy.parameters.length === 0 && (
            <p className="dim">It declares none: there is nothing to search.</p>
          )}
        </section>
      )}
      <section className="panel row apart" aria-label="Start">
        <p className="number">
          {estimate(jobs, form.strategy, Number(form.episodes), candlesOf(datasets, form.data))}
        </p>
        <Button type="submit" variant="filled" size="sm" loading={create.isPending}>
          Start the job
        </Button>
      </section>
      {create.error !== null && (
        <Notice tone="bad" title="The job was not made" announced>
          <Prose text={sentence(create.error)} />
        </Notice>
      )}
      {tried && Object.keys(broken).length > 0 && (
        <Notice tone="bad" announced>
          Some fields above need another value.
        </Notice>
      )}
    </form>
  );
}

/** Leave out what was not chosen yet: it is no error until one tries to go on. */
function shownErrors(errors: FormErrors, tried: boolean): FormErrors {
  const unchosen: readonly string[] = ["strategy", "data"];
  if (tried) return errors;
  return Object.fromEntries(Object.entries(errors).filter(([field]) => !unchosen.includes(field)));
}

const KEY_BYTES = 16;

/** Make a name for a request, so that sending it twice makes one job. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
