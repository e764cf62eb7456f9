import type { Job } from "../api/types";

/**
 * Compare what a component reads of its job, for React's `memo`.
 *
 * A job that runs is another one four times a second; most of what is shown of it stays.
 */
export function sameJob<Field extends keyof Job>(...fields: readonly Field[]) {
  return (before: { readonly job: Pick<Job, Field> }, after: { readonly job: Pick<Job, Field> }): boolean =>
    fields.every((field) => Object.is(before.job[field], after.job[field]));
}
