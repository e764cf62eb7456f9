import type { EpisodeState } from "./types";

/** Jobs as the first page groups them; each group is a list of its own. */
export type JobGroup = "running" | "waiting" | "ended";

export type EpisodeSort = "number" | "score";

/** Names of what the query cache holds; a shorter key stands for all that begin with it. */
export const keys = {
  health: ["health"] as const,
  jobs: (group?: JobGroup) => (group === undefined ? (["jobs"] as const) : (["jobs", group] as const)),
  job: (id?: string) => (id === undefined ? (["job"] as const) : (["job", id] as const)),
  episodes: (id: string, sort?: EpisodeSort, state?: EpisodeState | "all") =>
    sort === undefined ? (["episodes", id] as const) : (["episodes", id, sort, state ?? "all"] as const),
  episode: (id: string, number: number) => ["episode", id, number] as const,
  scores: (id: string) => ["scores", id] as const,
  log: (id: string) => ["log", id] as const,
  backtest: (id: string, number: number) => ["backtest", id, number] as const,
  importances: (id: string) => ["importances", id] as const,
  strategies: ["strategies"] as const,
  datasets: ["datasets"] as const,
  dataset: (name: string) => ["dataset", name] as const,
};
