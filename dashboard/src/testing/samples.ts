import type { Episode, Job, RunningEpisode, Spec } from "../api/types";

/** A name that would do harm if it were taken for markup. */
export const HOSTILE = '<img src=x onerror="window.harmed = true">';

export const SPEC: Spec = {
  strategy: "sma_cross",
  strategy_code: "c0de".repeat(16),
  data: "sample:minute",
  data_hash: "da7a".repeat(16),
  candles: 10_000,
  optimizer: "random",
  objective: "sharpe",
  episodes: 20,
  seed: 7,
  space: {
    fast: { type: "int", default: 10, low: 5, high: 50, step: 1, log: false },
    slow: { fixed: 60 },
  },
  window: 8,
  fee: 0.001,
  slippage: 0.0005,
  position_size: 1,
  initial_cash: 10_000,
  episode_timeout: null,
  episode_memory: null,
  synthetic: true,
  terms: {},
};

export function aRunningEpisode(fields: Partial<RunningEpisode> = {}): RunningEpisode {
  return {
    number: 7,
    worker: "host:11",
    stage: "trade_simulation",
    candles_processed: 4500,
    total_candles: 10_000,
    percent: 45,
    fraction: 0.725,
    age_seconds: 3,
    idle_seconds: 0,
    ...fields,
  };
}

/** A job in the middle of its seventh episode, as the API shows it. */
export function aJob(fields: Partial<Job> = {}): Job {
  return {
    id: "6n2k4d8q0w3r5t7x",
    state: "running",
    strategy: "sma_cross",
    optimizer: "random",
    objective: "sharpe",
    seed: 7,
    priority: 0,
    progress: 33.62,
    current_episode: 7,
    total_episodes: 20,
    current_stage: "episode",
    candles_processed: 4500,
    total_candles: 10_000,
    backtest_stage: "trade_simulation",
    best_score: 1.2345,
    best_episode: 3,
    current_reward: 1.2345,
    current_loss: 0,
    eta_seconds: 200,
    candles_per_second: 1_234_567,
    completed_episodes: 6,
    failed_episodes: 0,
    recorded_episodes: 6,
    elapsed_seconds: 101,
    running: [aRunningEpisode()],
    workers: ["host:11"],
    note: null,
    condition: null,
    attempt: 1,
    lost_attempts: 0,
    worker: "host:10",
    lease_until: null,
    request: null,
    fingerprint: null,
    error: null,
    created_at: "2026-09-21T14:13:20.250Z",
    changed_at: "2026-09-21T14:13:21.000Z",
    started_at: "2026-09-21T14:13:21.000Z",
    heartbeat_at: "2026-09-21T14:15:02.000Z",
    finished_at: null,
    spec: SPEC,
    ...fields,
  };
}

export function anEpisode(fields: Partial<Episode> = {}): Episode {
  const number = fields.number ?? 1;
  return {
    job_id: "6n2k4d8q0w3r5t7x",
    number,
    state: "completed",
    params: { fast: 5 + number, slow: 60 },
    score: number / 10,
    metrics: { sharpe: number / 10, max_drawdown: -0.12, trades: 40, total_return: 0 },
    stage: "trade_simulation",
    candles_processed: 10_000,
    total_candles: 10_000,
    worker: "host:11",
    started_at: "2026-09-21T14:13:22.000Z",
    finished_at: "2026-09-21T14:13:23.500Z",
    error: null,
    ...fields,
  };
}
