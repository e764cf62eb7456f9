import type { Job, JobRequest, Parameter, Strategy } from "../api/types";
import { searches } from "../job/space";
import { termTexts } from "../job/terms";

type Value = string | number | boolean;

/** What is done with one parameter, as typed. */
export interface ParameterForm {
  readonly mode: "search" | "list" | "fixed";
  readonly value: string;
  readonly low: string;
  readonly high: string;
  readonly step: string;
  /** Of a number: the values that are searched, between commas. */
  readonly list: string;
  /** Of a choice: the options that are searched, written out. */
  readonly options: readonly string[];
}

/** The form as typed; the numbers are texts until they are sent. */
export interface JobForm {
  readonly strategy: string;
  readonly data: string;
  readonly optimizer: "random" | "grid" | "bayesian";
  readonly objective: string;
  readonly episodes: string;
  readonly seed: string;
  readonly fee: string;
  readonly slippage: string;
  readonly position_size: string;
  readonly initial_cash: string;
  /** Terms of trading, such as `trailing_stop=0.02`, between spaces. */
  readonly terms: string;
  readonly episode_timeout: string;
  readonly episode_memory: string;
  readonly priority: string;
  readonly params: Readonly<Record<string, ParameterForm>>;
}

export type Field = Exclude<keyof JobForm, "params">;

/** Rules by field; those of a parameter stand under `params.NAME`. */
export type FormErrors = Readonly<Record<string, string>>;

/** How many episodes there are without a word about it, unless a grid has its own number. */
export const usualEpisodes = 100;

export const EMPTY: JobForm = {
  strategy: "",
  data: "",
  optimizer: "bayesian",
  objective: "sharpe",
  episodes: String(usualEpisodes),
  seed: "0",
  fee: "0.001",
  slippage: "0.0005",
  position_size: "1",
  initial_cash: "10000",
  terms: "",
  episode_timeout: "",
  episode_memory: "",
  priority: "0",
  params: {},
};

/** Return what a parameter begins with: a search of all that it declares. */
export function parameterForm(parameter: Parameter): ParameterForm {
  const text = (value: number | null) => (value === null ? "" : String(value));
  return {
    mode: "search",
    value: String(parameter.default),
    low: text(parameter.low),
    high: text(parameter.high),
    step: text(parameter.step),
    list: "",
    options: (parameter.choices ?? []).map(String),
  };
}

/** Choose a strategy: its parameters take the place of the others. */
export function withStrategy(form: JobForm, strategy: Strategy): JobForm {
  const params = strategy.parameters.map((parameter) => [parameter.name, parameterForm(parameter)] as const);
  return { ...form, strategy: strategy.name, params: Object.fromEntries(params) };
}

const BLANK: ParameterForm = {
  mode: "search",
  value: "",
  low: "",
  high: "",
  step: "",
  list: "",
  options: [],
};

/**
 * Fit what another job was asked to the strategy as it is declared now.
 *
 * What it searched stays; what it could not know stands as declared, and so does what the other ways to
 * treat a parameter begin with.
 */
export function forStrategy(form: JobForm, strategy: Strategy): JobForm {
  const params = strategy.parameters.map((parameter) => {
    const usual = parameterForm(parameter);
    const given = form.params[parameter.name];
    return [parameter.name, given ? fitted(parameter, given, usual) : usual] as const;
  });
  return { ...form, params: Object.fromEntries(params) };
}

function fitted(parameter: Parameter, given: ParameterForm, usual: ParameterForm): ParameterForm {
  if (given.mode === "fixed") return { ...usual, mode: "fixed", value: given.value };
  if (parameter.choices !== null) return { ...usual, options: given.options };
  if (given.list !== "") return { ...usual, mode: "list", list: given.list };
  return { ...usual, low: given.low, high: given.high, step: given.step };
}

/** Split what is typed as a list into its values. */
export function listed(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const MEGABYTE = 1024 * 1024;

/** Fill the form with what another job was asked. */
export function likeJob({ spec, priority }: Pick<Job, "spec" | "priority">): JobForm {
  const params = searches(spec.space).map(([name, search]): [string, ParameterForm] => {
    if (search.kind === "fixed") return [name, { ...BLANK, mode: "fixed", value: String(search.value) }];
    if (search.kind === "options") {
      // Which of the two it is, only the strategy's declaration tells: `forStrategy` looks there.
      const options = search.options.map(String);
      return [name, { ...BLANK, options, list: options.join(", ") }];
    }
    const step = search.step === null ? "" : String(search.step);
    return [name, { ...BLANK, low: String(search.low), high: String(search.high), step }];
  });
  const memory = spec.episode_memory;
  return {
    strategy: spec.strategy,
    data: spec.data,
    optimizer: spec.optimizer as JobForm["optimizer"],
    objective: spec.objective,
    episodes: String(spec.episodes),
    seed: String(spec.seed),
    fee: String(spec.fee),
    slippage: String(spec.slippage),
    position_size: String(spec.position_size),
    initial_cash: String(spec.initial_cash),
    terms: termTexts(spec).join(" "),
    episode_timeout: spec.episode_timeout === null ? "" : String(spec.episode_timeout),
    episode_memory: memory === null ? "" : String(memory / MEGABYTE),
    priority: String(priority),
    params: Object.fromEntries(params),
  };
}

/** Turn a form without errors into what the API takes; parameters that are searched as declared stay out. */
export function requestOf(form: JobForm, strategy: Strategy): JobRequest {
  const optional = (text: string) => (text.trim() === "" ? null : Number(text));
  const params: Record<string, Wish> = {};
  for (const parameter of strategy.parameters) {
    const given = form.params[parameter.name];
    const wish = given && wishOf(parameter, given);
    if (wish !== undefined) params[parameter.name] = wish;
  }
  return {
    strategy: form.strategy,
    data: form.data,
    optimizer: form.optimizer,
    objective: form.objective as NonNullable<JobRequest["objective"]>,
    episodes: optional(form.episodes),
    seed: Number(form.seed),
    fee: Number(form.fee),
    slippage: Number(form.slippage),
    position_size: Number(form.position_size),
    initial_cash: Number(form.initial_cash),
    terms: form.terms.split(/\s+/).filter((term) => term !== ""),
    episode_timeout: optional(form.episode_timeout),
    episode_memory: optional(form.episode_memory),
    priority: Number(form.priority),
    params,
  };
}

type Wish = Value | Value[] | { low: number; high: number; step: number | null };

function wishOf(parameter: Parameter, given: ParameterForm): Wish | undefined {
  if (given.mode === "fixed") return valueOf(parameter, given.value);
  const usual = parameterForm(parameter);
  if (parameter.choices !== null) {
    if (given.options.length === usual.options.length) return undefined;
    return given.options.map((option) => valueOf(parameter, option));
  }
  if (given.mode === "list") return listed(given.list).map(Number);
  if (given.low === usual.low && given.high === usual.high && given.step === usual.step) return undefined;
  const step = given.step.trim() === "" ? null : Number(given.step);
  return { low: Number(given.low), high: Number(given.high), step };
}

function valueOf(parameter: Parameter, text: string): Value {
  if (parameter.choices === null) return Number(text);
  return parameter.choices.find((choice) => String(choice) === text) ?? text;
}
