import type { InfiniteData } from "@tanstack/react-query";
import type { JobGroup } from "./keys";
import type { Job, JobState } from "./types";

/** A job's place in a list; how the job stands is kept once, under its id. */
export interface JobRef {
  readonly id: string;
  readonly created_at: string;
}

export interface JobRefPage {
  readonly refs: readonly JobRef[];
  readonly cursor: string | null;
}

export type JobList = InfiniteData<JobRefPage, string | null>;

export const GROUPS: Readonly<Record<JobGroup, readonly JobState[]>> = {
  running: ["running"],
  waiting: ["queued", "paused"],
  ended: ["completed", "failed", "cancelled"],
};

export function belongs(job: Job, group: JobGroup): boolean {
  return GROUPS[group].includes(job.state);
}

/** Return the list with the job where it belongs, newest first; the same list where nothing changes. */
export function placed(list: JobList, job: Job, group: JobGroup): JobList {
  const listed = list.pages.some((page) => page.refs.some((ref) => ref.id === job.id));
  if (belongs(job, group) === listed) return list;
  return listed ? without(list, job.id) : withJob(list, job);
}

/** Return the list without a job. */
export function without(list: JobList, id: string): JobList {
  if (!list.pages.some((page) => page.refs.some((ref) => ref.id === id))) return list;
  return {
    ...list,
    pages: list.pages.map((page) => ({ ...page, refs: page.refs.filter((ref) => ref.id !== id) })),
  };
}

function withJob(list: JobList, job: Job): JobList {
  const last = list.pages.length - 1;
  const place = list.pages.findIndex((page) => page.refs.some((ref) => isOlder(ref, job)));
  // Behind all that is loaded it comes with a later page, unless this is the last one.
  if (place < 0 && list.pages[last]?.cursor !== null) return list;
  const target = place < 0 ? last : place;
  const pages = list.pages.map((page, index) =>
    index === target ? { ...page, refs: inOrder([...page.refs, refOf(job)]) } : page,
  );
  return { ...list, pages };
}

export function refOf(job: Job): JobRef {
  return { id: job.id, created_at: job.created_at };
}

export function inOrder(refs: readonly JobRef[]): JobRef[] {
  return [...refs].sort((a, b) => (isOlder(a, b) ? 1 : isOlder(b, a) ? -1 : 0));
}

function isOlder(a: JobRef, b: JobRef): boolean {
  return a.created_at === b.created_at ? a.id < b.id : a.created_at < b.created_at;
}
