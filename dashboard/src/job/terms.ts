import type { Spec } from "../api/types";

/** Write the terms of trading that differ from the usual ones, such as `trailing_stop=0.02`. */
export function termTexts({ terms }: Pick<Spec, "terms">): string[] {
  return Object.entries(terms).map(([name, value]) => `${name}=${value}`);
}
