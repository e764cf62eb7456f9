import { useInfiniteQuery, useMutation, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ask, path } from "./client";
import { useDashboard, type Dashboard } from "./dashboard";
import { belongs, GROUPS, inOrder, refOf, type JobRefPage } from "./groups";
import { keys, type JobGroup } from "./keys";
import type { Job, JobPage, JobRequest } from "./types";

const PAGE = 50;

/** Read a group of jobs, newest first; how each stands is kept under its own id. */
export function useJobGroup(group: JobGroup) {
  const dashboard = useDashboard();
  return useInfiniteQuery({
    queryKey: keys.jobs(group),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => jobRefs(dashboard, group, pageParam, signal),
    getNextPageParam: (page) => page.cursor,
  });
}

async function jobRefs(
  { cache, queries }: Dashboard,
  group: JobGroup,
  cursor: string | null,
  signal: AbortSignal,
): Promise<JobRefPage> {
  const query = { state: GROUPS[group], cursor, limit: PAGE };
  const page = await ask<JobPage>("GET", "/api/jobs", { query, signal });
  const jobs = page.jobs.filter((job) => !cache.isRemoved(job.id)).map((job) => cache.keep(job));
  const listed = new Set(page.jobs.map((job) => job.id));
  // Events overtook the answer: what they told of jobs that it does not know yet.
  const oldest = page.cursor === null ? "" : (page.jobs.at(-1)?.created_at ?? "");
  const news = cursor === null ? queries.getQueriesData<Job>({ queryKey: keys.job() }) : [];
  const missing = news.flatMap(([, job]) =>
    job && !listed.has(job.id) && job.created_at >= oldest && !cache.isRemoved(job.id) ? [job] : [],
  );
  const refs = [...jobs, ...missing].filter((job) => belongs(job, group)).map(refOf);
  return { refs: inOrder(refs), cursor: page.cursor };
}

/** Read a job; events keep it as it stands. */
export function useJob(id: string): UseQueryResult<Job> {
  const { cache } = useDashboard();
  return useQuery({
    queryKey: keys.job(id),
    queryFn: async ({ signal }) => cache.keep(await ask<Job>("GET", path`/api/jobs/${id}`, { signal })),
  });
}

export type JobAction = "cancel" | "pause" | "resume";

/** Ask something of a job; the answer shows at once. */
export function useJobAction(id: string) {
  const { cache } = useDashboard();
  return useMutation({
    mutationFn: (action: JobAction) => ask<Job>("POST", path`/api/jobs/${id}/${action}`),
    onSuccess: (job) => cache.place(cache.keep(job)),
  });
}

/** Delete a job and its episodes. */
export function useDeleteJob(id: string) {
  const { cache } = useDashboard();
  return useMutation({
    mutationFn: () => ask<undefined>("DELETE", path`/api/jobs/${id}`),
    onSuccess: () => cache.forget(id),
  });
}

/** Make a job; sent again under the same key it makes no second one. */
export function useCreateJob() {
  const { cache } = useDashboard();
  return useMutation({
    mutationFn: ({ request, key }: { request: JobRequest; key: string }) =>
      ask<Job>("POST", "/api/jobs", { body: request, headers: { "Idempotency-Key": key } }),
    onSuccess: (job) => cache.place(cache.keep(job)),
  });
}
