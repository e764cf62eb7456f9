import { useState } from "react";
import type { Job } from "../api/types";
import { nextLanes, type Lane } from "./lanes";

interface Seen {
  readonly running: Job["running"];
  readonly lanes: readonly Lane[];
}

/** Return a lane for each worker of a running job; of any other there are none. */
export function useLanes(job: Job): readonly Lane[] {
  const running = job.state === "running" ? job.running : NONE;
  const [seen, setSeen] = useState<Seen>(() => ({ running, lanes: nextLanes([], running) }));
  if (seen.running === running) return seen.lanes;
  const lanes = job.state === "running" ? nextLanes(seen.lanes, running) : [];
  setSeen({ running, lanes });
  return lanes;
}

const NONE: Job["running"] = [];
