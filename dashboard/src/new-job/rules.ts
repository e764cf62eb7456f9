import type { FieldProblem } from "../api/problem";
import type { Dataset, Parameter, Strategy } from "../api/types";
import { count } from "../text/numbers";
import { listed, type Field, type FormErrors, type JobForm, type ParameterForm } from "./form";
import { gridSize, LARGEST_GRID } from "./levels";

interface Rule {
  readonly low: number;
  readonly high: number;
  readonly whole?: boolean;
  /** Whether the lower bound itself is allowed. */
  readonly open?: boolean;
  readonly optional?: boolean;
  readonly says: string;
}

const HIGHEST_COST = 0.1;
const LARGEST_POSITION = 10;
const MOST_EPISODES = 10_000_000;
const WEEK = 604_800;

/** The rules of the API, so that they are told while one types; the server has the last word. */
const RULES: Readonly<Partial<Record<Field, Rule>>> = {
  episodes: {
    low: 1,
    high: MOST_EPISODES,
    whole: true,
    optional: true,
    says: `a whole number from 1 to ${count(MOST_EPISODES)}`,
  },
  seed: { low: 0, high: Number.MAX_SAFE_INTEGER, whole: true, says: "a whole number from 0" },
  fee: { low: 0, high: HIGHEST_COST, says: "a fraction from 0 to 0.1, such as 0.001" },
  slippage: { low: 0, high: HIGHEST_COST, says: "a fraction from 0 to 0.1, such as 0.0005" },
  position_size: { low: 0, high: LARGEST_POSITION, open: true, says: "a fraction above 0, at most 10" },
  initial_cash: { low: 0, high: 1e15, open: true, says: "a number above 0" },
  episode_timeout: {
    low: 0,
    high: WEEK,
    open: true,
    optional: true,
    says: "seconds above 0, at most a week; empty for none",
  },
  episode_memory: {
    low: 0,
    high: 1_048_576,
    open: true,
    optional: true,
    says: "megabytes above 0; empty for none",
  },
  priority: { low: -1000, high: 1000, whole: true, says: "a whole number from -1,000 to 1,000" },
};

/** Return what breaks a rule, by field. */
export function errorsOf(form: JobForm, strategy: Strategy | undefined, data?: Dataset): FormErrors {
  const errors: Record<string, string> = {};
  if (form.strategy === "") errors.strategy = "Choose a strategy";
  else if (!strategy) errors.strategy = `There is no strategy ${form.strategy} here; choose another one`;
  else if (strategy.error !== null) errors.strategy = "This one cannot be used; choose another one";
  if (form.data === "") errors.data = "Choose the candles";
  else if (data && data.error !== null) errors.data = "These cannot be used; choose others";
  for (const [field, rule] of Object.entries(RULES) as [Field, Rule][]) {
    if (!keeps(form[field], rule)) errors[field] = `It is ${rule.says}`;
  }
  if (!/^\s*(\w+=\S+\s*)*$/.test(form.terms)) {
    errors.terms = "Each is NAME=VALUE, between spaces, such as trailing_stop=0.02";
  }
  for (const parameter of strategy?.parameters ?? []) {
    const given = form.params[parameter.name];
    const broken = given && parameterError(parameter, given);
    if (broken) errors[`params.${parameter.name}`] = broken;
  }
  if (form.optimizer === "grid" && form.episodes.trim() === "" && strategy) {
    const size = gridSize(form, strategy.parameters) ?? 0;
    if (size > LARGEST_GRID) {
      errors.episodes = `The grid has ${count(size)} configurations; above ${count(LARGEST_GRID)} say how many to try`;
    }
  }
  return errors;
}

function keeps(text: string, rule: Rule): boolean {
  if (text.trim() === "") return rule.optional === true;
  const value = Number(text);
  if (!Number.isFinite(value) || value > rule.high || value < rule.low) return false;
  return !(rule.open && value === rule.low) && !(rule.whole && !Number.isInteger(value));
}

function parameterError(parameter: Parameter, given: ParameterForm): string | null {
  if (parameter.choices !== null) {
    const known = parameter.choices.map(String);
    if (given.mode === "fixed")
      return known.includes(given.value) ? null : `It is one of ${known.join(", ")}`;
    const foreign = given.options.find((option) => !known.includes(option));
    if (foreign !== undefined) return `${foreign} is none of its options now: ${known.join(", ")}`;
    return given.options.length > 0 ? null : "Choose one option or more";
  }
  const { low, high, type } = parameter;
  const kind = type === "int" ? "a whole number" : "a number";
  const within = (text: string) =>
    keeps(text, { low: low ?? -Infinity, high: high ?? Infinity, whole: type === "int", says: "" });
  const says = `${kind} from ${low ?? "anywhere"} to ${high ?? "anywhere"}`;
  if (given.mode === "fixed") return within(given.value) ? null : `It is ${says}`;
  if (given.mode === "list") {
    const values = listed(given.list);
    if (values.length === 0 || !values.every(within)) return `Each value, between commas, is ${says}`;
    return new Set(values.map(Number)).size < values.length ? "Name each value once" : null;
  }
  if (!within(given.low) || !within(given.high)) return `Each end is ${says}`;
  if (Number(given.low) > Number(given.high)) return "The low end lies above the high end";
  const step = given.step.trim();
  if (step === "") return null;
  const fits = keeps(step, { low: 0, high: Infinity, open: true, whole: type === "int", says: "" });
  return fits ? null : `The step is ${kind} above 0, or empty`;
}

/** Put what the server found wrong beside the fields of the form. */
export function errorsFromServer(
  problems: readonly FieldProblem[],
  parameters: readonly Parameter[] = [],
): FormErrors {
  const errors: Record<string, string> = {};
  for (const { field, rule } of problems) {
    const [where, name, ...rest] = field.split(".");
    if (where !== "body" || name === undefined) continue;
    const about = name === "params" ? parameterOf(rest, rule, parameters) : undefined;
    errors[about === undefined ? name : `params.${about}`] ??= rule.charAt(0).toUpperCase() + rule.slice(1);
  }
  return errors;
}

/** Find the parameter that a rule speaks of: in the field's path, else as the first word of the rule. */
function parameterOf(
  path: readonly string[],
  rule: string,
  parameters: readonly Parameter[],
): string | undefined {
  const names = parameters.map((parameter) => parameter.name);
  return path.find((part) => names.includes(part)) ?? names.find((name) => rule.startsWith(`${name} `));
}
