import type { Parameter, Strategy } from "../api/types";
import { EMPTY, withStrategy, type JobForm, type ParameterForm } from "../new-job/form";

export const FAST: Parameter = {
  name: "fast",
  type: "int",
  default: 10,
  low: 5,
  high: 50,
  step: 1,
  log: false,
  choices: null,
};
export const KIND: Parameter = {
  name: "kind",
  type: "choice",
  default: "sma",
  low: null,
  high: null,
  step: null,
  log: false,
  choices: ["sma", "ema", true],
};
export const STRATEGY: Strategy = {
  name: "sma_cross",
  kind: "built-in",
  source: "",
  docs: "",
  docstring: "",
  parameters: [FAST, KIND],
  error: null,
};

export const FORM: JobForm = { ...withStrategy(EMPTY, STRATEGY), data: "sample:minute" };

/** Return the form with one parameter typed otherwise. */
export function withParameter(name: string, part: Partial<ParameterForm>): JobForm {
  const given = FORM.params[name];
  if (!given) throw new Error(`no parameter ${name}`);
  return { ...FORM, params: { ...FORM.params, [name]: { ...given, ...part } } };
}
