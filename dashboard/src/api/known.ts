import { useQueryClient } from "@tanstack/react-query";
import { useJobGroup } from "./jobs";
import { keys } from "./keys";
import type { Job } from "./types";

/** Return the jobs that run or ended lately. */
export function useKnownJobs(): Job[] {
  const queries = useQueryClient();
  // The lists bring the jobs along.
  useJobGroup("running");
  useJobGroup("ended");
  return queries.getQueriesData<Job>({ queryKey: keys.job() }).flatMap(([, job]) => (job ? [job] : []));
}
