import type { EpisodeState } from "./types";

/** Jobs as the first page groups them; each group is a list of its own. */
export type JobGroup = "running" | "waiting" | "ended";

/** An order of episodes, as the server takes it; `name` is that of a metric or a parameter. */
export interface EpisodeOrder {
  readonly by: "number" | "score" | "metric" | "param";
  readonly name?: string;
  readonly descending: boolean;
}

/** Write an order in a word: equal orders are equal words. */
export function orderText({ by, name, descending }: EpisodeOrder): string {
  return [by, ...(name === undefined ? [] : [name]), descending ? "desc" : "asc"].join(" ");
}

/** Names of what the query cache holds; a shorter key stands for all that begin with it. */
export const keys = {
  health: ["health"] as const,
  jobs: (group?: JobGroup) => (group === undefined ? (["jobs"] as const) : (["jobs", group] as const)),
  job: (id?: string) => (id === undefined ? (["job"] as const) : (["job", id] as const)),
  episodes: (id: string, order?: string, state?: EpisodeState | "all") =>
    order === undefined ? (["episodes", id] as const) : (["episodes", id, order, state ?? "all"] as const),
  episode: (id: string, number: number) => ["episode", id, number] as const,
  scores: (id: string) => ["scores", id] as const,
  log: (id: string) => ["log", id] as const,
  backtest: (id: string, number: number) => ["backtest", id, number] as const,
  importances: (id: string) => ["importances", id] as const,
  strategies: ["strategies"] as const,
  datasets: ["datasets"] as const,
  dataset: (name: string) => ["dataset", name] as const,
};
