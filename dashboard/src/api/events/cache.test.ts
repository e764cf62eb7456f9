import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { aJob, anEpisode } from "../../testing/samples";
import type { JobList } from "../groups";
import { keys, type JobGroup } from "../keys";
import { scoresOf, type Scores } from "../scores";
import type { Job, LogLine } from "../types";
import { JobCache } from "./cache";

let queries: QueryClient;
let cache: JobCache;

function job(id: string): Job | undefined {
  return queries.getQueryData<Job>(keys.job(id));
}

function listed(group: JobGroup): string[] {
  const list = queries.getQueryData<JobList>(keys.jobs(group));
  return list?.pages.flatMap((page) => page.refs.map((ref) => ref.id)) ?? [];
}

function list(group: JobGroup, ids: readonly string[], cursor: string | null = null): void {
  const refs = ids.map((id) => ({ id, created_at: `2026-09-21T14:00:0${id}.000Z` }));
  queries.setQueryData<JobList>(keys.jobs(group), { pages: [{ refs, cursor }], pageParams: [null] });
}

function made(id: string, fields: Partial<Job> = {}): Job {
  return aJob({ id, created_at: `2026-09-21T14:00:0${id}.000Z`, ...fields });
}

beforeEach(() => {
  queries = new QueryClient();
  cache = new JobCache(queries);
});

describe("a job's snapshots", () => {
  it("replace each other", () => {
    cache.receive([{ kind: "job", data: made("1", { current_episode: 7 }) }]);
    cache.receive([{ kind: "job", data: made("1", { current_episode: 8, progress: 40 }) }]);
    expect(job("1")).toMatchObject({ current_episode: 8, progress: 40 });
  });

  it("never let the percent fall", () => {
    cache.receive([{ kind: "job", data: made("1", { progress: 40 }) }]);
    cache.receive([{ kind: "job", data: made("1", { progress: 39, current_episode: 9 }) }]);
    expect(job("1")).toMatchObject({ progress: 40, current_episode: 9 });
  });

  it("give way to none that is older", () => {
    const newer = made("1", {
      heartbeat_at: "2026-09-21T14:15:03.000Z",
      current_episode: 9,
      progress: 50,
    });
    cache.receive([{ kind: "job", data: newer }]);
    expect(cache.keep(made("1", { heartbeat_at: "2026-09-21T14:15:02.000Z" }))).toEqual(newer);
    const ended = made("1", {
      changed_at: "2026-09-21T14:16:00.000Z",
      state: "completed",
      progress: 100,
    });
    cache.keep(ended);
    expect(cache.keep(newer).state).toBe("completed");
  });
});

describe("the lists", () => {
  beforeEach(() => {
    list("running", ["3", "1"]);
    list("waiting", []);
    list("ended", ["2"], "more");
  });

  it("move a job whose state changed", () => {
    cache.receive([{ kind: "job", data: made("3", { state: "completed" }) }]);
    expect([listed("running"), listed("ended")]).toEqual([["1"], ["3", "2"]]);
  });

  it("take a new job in, newest first", () => {
    cache.receive([{ kind: "job", data: made("2", { state: "running" }) }]);
    expect([listed("running"), listed("ended")]).toEqual([["3", "2", "1"], []]);
  });

  it("leave a job that comes with a later page to that page", () => {
    cache.receive([{ kind: "job", data: made("1", { state: "failed" }) }]);
    expect([listed("running"), listed("ended")]).toEqual([["3"], ["2"]]);
  });

  it("stay the same where a job only moves on", () => {
    const before = queries.getQueryData(keys.jobs("running"));
    cache.receive([{ kind: "job", data: made("3", { progress: 50 }) }]);
    expect(queries.getQueryData(keys.jobs("running"))).toBe(before);
  });

  it("lose a deleted job", () => {
    cache.receive([{ kind: "job", data: { id: "3", state: "deleted" } }]);
    expect(listed("running")).toEqual(["1"]);
    expect(cache.isRemoved("3")).toBe(true);
  });
});

describe("episodes", () => {
  it("join the scores once, in their order", () => {
    const id = anEpisode().job_id;
    queries.setQueryData(
      keys.scores(id),
      scoresOf([anEpisode({ number: 1 }), anEpisode({ number: 3 })], true),
    );
    const second = { ...anEpisode({ number: 2 }), place: 3 };
    cache.receive([
      { kind: "episode", data: second },
      { kind: "episode", data: second },
      { kind: "episode", data: { ...anEpisode({ number: 4, score: null }), place: 4 } },
    ]);
    const scores = queries.getQueryData<Scores>(keys.scores(id));
    expect(scores?.points.map((point) => point.number)).toEqual([1, 2, 3]);
  });

  it("make the leaderboard be read again, at most once a second", () => {
    vi.useFakeTimers();
    const id = anEpisode().job_id;
    queries.setQueryData(keys.episodes(id, "score"), { pages: [], pageParams: [] });
    const stale = () => queries.getQueryState(keys.episodes(id, "score", "all"))?.isInvalidated;
    cache.receive([{ kind: "episode", data: { ...anEpisode(), place: 1 } }]);
    expect(stale()).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(stale()).toBe(true);
    vi.useRealTimers();
  });
});

describe("a reset", () => {
  it("of one job has its episodes read again, and nothing else", () => {
    queries.setQueryData(keys.episodes("1", "score"), {});
    queries.setQueryData(keys.episodes("2", "score"), {});
    queries.setQueryData(keys.scores("1"), {});
    cache.receive([{ kind: "reset", data: { reason: "a backlog", job_id: "1" } }]);
    const stale = [keys.episodes("1", "score"), keys.episodes("2", "score"), keys.scores("1")].map(
      (key) => queries.getQueryState(key)?.isInvalidated,
    );
    expect(stale).toEqual([true, false, true]);
  });

  it("of everything has everything read again", async () => {
    list("running", ["1"]);
    cache.keep(made("1"));
    cache.receive([{ kind: "reset", data: { reason: "the server was restarted", job_id: null } }]);
    await vi.waitFor(() => {
      expect(queries.getQueryState(keys.jobs("running"))?.isInvalidated).toBe(true);
      expect(queries.getQueryState(keys.job("1"))?.isInvalidated).toBe(true);
    });
  });
});

it("keeps the newest lines of the log", () => {
  const line = (message: string): LogLine => ({
    time: "2026-09-21T14:13:20.250Z",
    level: "info",
    job_id: "1",
    message,
  });
  for (let n = 0; n < 250; n += 1) cache.receive([{ kind: "log", data: line(String(n)) }]);
  const lines = queries.getQueryData<LogLine[]>(keys.log("1")) ?? [];
  expect([lines.length, lines.at(-1)?.message]).toEqual([200, "249"]);
});
