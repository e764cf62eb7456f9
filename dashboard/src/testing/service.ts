import type { Dataset, Episode, Health, Job, Strategy } from "../api/types";
import { FakeServer, Refusal } from "./FakeServer";

export const HEALTH: Health = {
  status: "ok",
  version: "1.0",
  database: { ok: true, ailment: null },
  workers: [
    {
      id: "host:10",
      host: "host",
      pid: 10,
      processes: 2,
      alive: true,
      job_id: null,
      version: "1.0",
      started_at: "2026-09-21T14:00:00.000Z",
      heartbeat_at: "2026-09-21T14:15:02.000Z",
    },
  ],
  jobs: { queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 },
};

/** A server that has some jobs and their episodes. */
export function serviceWith(jobs: readonly Job[], episodes: readonly Episode[] = []): FakeServer {
  return new FakeServer()
    .on("GET", "/api/health", () => HEALTH)
    .on("GET", "/api/jobs", ({ query }) => {
      const states = query.getAll("state");
      return { jobs: jobs.filter((job) => states.includes(job.state)), cursor: null };
    })
    .on("GET", "/api/jobs/*", ({ path }) => {
      const id = path.split("/")[3];
      return jobs.find((job) => job.id === id) ?? new Refusal(404, `there is no job ${id ?? ""}`);
    })
    .on("GET", "/api/jobs/*/episodes", ({ path, query }) => {
      const state = query.getAll("state");
      const own = episodes.filter(
        (episode) =>
          episode.job_id === path.split("/")[3] && (state.length === 0 || state.includes(episode.state)),
      );
      const sorted =
        query.get("sort") === "score"
          ? [...own].sort((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity))
          : own;
      return { episodes: sorted, cursor: null };
    })
    .on("GET", "/api/jobs/*/importances", ({ path }) => ({
      job_id: path.split("/")[3],
      episodes: 0,
      importances: null,
      reason: "fewer than four episodes have a score",
    }));
}

export const STRATEGIES: Strategy[] = [
  {
    name: "sma_cross",
    kind: "built-in",
    source: "",
    docs: "Trades the cross of two averages.",
    docstring: "Trades the cross of two averages.\n\nRules:\n    - Buy above.",
    parameters: [
      { name: "fast", type: "int", default: 10, low: 5, high: 50, step: 1, log: false, choices: null },
      { name: "slow", type: "int", default: 60, low: 10, high: 300, step: 1, log: false, choices: null },
    ],
    error: null,
  },
  {
    name: "broken",
    kind: "folder",
    source: "broken.py",
    docs: "",
    docstring: "",
    parameters: [],
    error: "line 3: invalid syntax",
  },
];

export const DATASETS: Dataset[] = [
  {
    name: "sample:minute",
    candles: 10_000,
    first: "2020-01-05T22:01:00.000Z",
    last: "2020-01-17T13:47:00.000Z",
    interval: "1m",
    gaps: 12,
    sample: true,
    synthetic: true,
    error: null,
  },
];
