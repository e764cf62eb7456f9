import type { Spec } from "../api/types";
import { parameter } from "../text/numbers";

type Value = string | number | boolean;

/** What a job does with a parameter: it keeps it at a value, or searches a range or some options. */
export type Search =
  | { readonly kind: "fixed"; readonly value: Value }
  | { readonly kind: "range"; readonly low: number; readonly high: number; readonly step: number | null }
  | { readonly kind: "options"; readonly options: readonly Value[] };

/** Read a job's search space; what a newer server says of a parameter in another way is left out. */
export function searches(space: Spec["space"]): [name: string, search: Search][] {
  return Object.entries(space).flatMap(([name, entry]): [string, Search][] => {
    const search = searchOf(entry);
    return search === null ? [] : [[name, search]];
  });
}

/** Name the parameters that a job searches. */
export function searchedNames(space: Spec["space"]): string[] {
  return searches(space).flatMap(([name, search]) => (search.kind === "fixed" ? [] : [name]));
}

function searchOf(entry: unknown): Search | null {
  if (typeof entry !== "object" || entry === null) return null;
  const { fixed, low, high, step, options } = entry as Readonly<Record<string, unknown>>;
  if (isValue(fixed)) return { kind: "fixed", value: fixed };
  if (Array.isArray(options)) return { kind: "options", options: options.filter(isValue) };
  if (typeof low !== "number" || typeof high !== "number") return null;
  return { kind: "range", low, high, step: typeof step === "number" ? step : null };
}

function isValue(value: unknown): value is Value {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Write what is searched as `trad train --param NAME=...` takes it. */
export function searchText(search: Search): string {
  switch (search.kind) {
    case "fixed":
      return exact(search.value);
    case "options":
      return search.options.map(exact).join(",");
    case "range":
      return [search.low, search.high, ...(search.step === null ? [] : [search.step])].map(exact).join(":");
  }
}

/** Write every digit: a rounded bound would make another search. */
function exact(value: Value): string {
  return typeof value === "number" ? String(value) : parameter(value);
}
