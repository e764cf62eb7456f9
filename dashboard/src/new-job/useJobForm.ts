import { useNavigate } from "@tanstack/react-router";
import { useCallback, useState, type SyntheticEvent } from "react";
import { useCreateJob } from "../api/jobs";
import { Problem } from "../api/problem";
import type { Dataset, Strategy } from "../api/types";
import { requestOf, type FormErrors, type JobForm, type ParameterForm } from "./form";
import { errorsFromServer, errorsOf } from "./rules";

/** The form as typed, what is wrong with it, and how to send it. */
export function useJobForm(start: JobForm, strategies: readonly Strategy[], datasets: readonly Dataset[]) {
  const [form, setForm] = useState(start);
  const [tried, setTried] = useState(false);
  // How often sending it failed: each time the first wrong field wants to be looked at.
  const [failures, setFailures] = useState(0);
  const [key, setKey] = useState(newKey);
  const { mutate, reset, error: refusal, isPending } = useCreateJob();
  const navigate = useNavigate();

  const strategy = strategies.find((one) => one.name === form.strategy);
  const broken = errorsOf(
    form,
    strategy,
    datasets.find((one) => one.name === form.data),
  );
  const refused = refusal instanceof Problem ? errorsFromServer(refusal.errors, strategy?.parameters) : {};
  const errors = shownErrors({ ...refused, ...broken }, tried);

  const change = useCallback(
    (next: (before: JobForm) => JobForm) => {
      setForm(next);
      // What was refused is another request now, and may be sent under another key.
      setKey(newKey());
      reset();
    },
    [reset],
  );
  const setParameter = useCallback(
    (name: string, given: ParameterForm) =>
      change((before) => ({ ...before, params: { ...before.params, [name]: given } })),
    [change],
  );
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (isPending) return;
    setTried(true);
    if (!strategy || Object.keys(broken).length > 0) {
      setFailures((before) => before + 1);
      return;
    }
    mutate(
      { request: requestOf(form, strategy), key },
      {
        onSuccess: (job) => void navigate({ to: "/jobs/$jobId", params: { jobId: job.id } }),
        onError: () => setFailures((before) => before + 1),
      },
    );
  };
  return {
    form,
    strategy,
    broken,
    refusal,
    errors,
    tried,
    isPending,
    failures,
    change,
    setParameter,
    submit,
  };
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
