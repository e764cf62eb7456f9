import type { Parameter } from "../api/types";
import { count } from "../text/numbers";
import { listed, type JobForm, type ParameterForm } from "./form";

/** Into how many levels a grid cuts a range without a step. */
const LEVELS_WITHOUT_STEP = 10;
/** A larger grid must be cut by a number of episodes. */
export const LARGEST_GRID = 1_000_000;
/** What steps lead to is not lost to the last bit of a division. */
const ROUNDING = 1e-12;

/** Return how many values a grid walks of one parameter; null where what is typed makes no range. */
export function levelsOf(parameter: Parameter, given: ParameterForm): number | null {
  if (given.mode === "fixed") return 1;
  if (parameter.choices !== null) return given.options.length;
  if (given.mode === "list") return listed(given.list).length;
  const [low, high] = [given.low, given.high].map(Number);
  if (low === undefined || high === undefined || !(low <= high)) return null;
  // An empty one stands for the declared one.
  const step = given.step.trim() === "" ? parameter.step : Number(given.step);
  if (low === high) return 1;
  if (step === null) return LEVELS_WITHOUT_STEP;
  return step > 0 ? Math.floor(((high - low) / step) * (1 + ROUNDING)) + 1 : null;
}

/** Return how many configurations the grid has, before those that the strategy itself refuses. */
export function gridSize(form: JobForm, parameters: readonly Parameter[]): number | null {
  let size = 1;
  for (const parameter of parameters) {
    const given = form.params[parameter.name];
    const levels = given && levelsOf(parameter, given);
    if (!levels) return null;
    size *= levels;
  }
  return size;
}

/** Say how large the grid is, factor by factor. */
export function gridText(form: JobForm, parameters: readonly Parameter[]): string | null {
  const size = gridSize(form, parameters);
  if (size === null) return null;
  const factors = parameters.flatMap((parameter) => {
    const given = form.params[parameter.name];
    const levels = given ? levelsOf(parameter, given) : null;
    return levels !== null && levels > 1 ? [`${parameter.name} ${count(levels)}`] : [];
  });
  const product = factors.length > 1 ? ` (${factors.join(" × ")})` : "";
  const many = size === 1 ? "1 configuration" : `${count(size)} configurations`;
  return `The grid has ${many}${product}; those that the strategy refuses are left out.`;
}
