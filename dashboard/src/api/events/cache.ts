import { notifyManager, type QueryClient } from "@tanstack/react-query";
import { announcement } from "../announcements";
import { placed, without, type JobList } from "../groups";
import { keys, type JobGroup } from "../keys";
import { newest } from "../newest";
import { addScore, type Scores } from "../scores";
import type { EpisodeEvent, Job, JobRemoved, LogLine, Reset } from "../types";
import type { StreamEvent } from "./wire";

const LISTS: readonly JobGroup[] = ["running", "waiting", "ended"];
const MOST_LINES = 200;
const EPISODES_MS = 1000;

/** Folds what the stream brings, and what the API answers, into the query cache. */
export class JobCache {
  readonly #queries: QueryClient;
  readonly #removed = new Set<string>();
  readonly #due = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  receive(events: readonly StreamEvent[]): void {
    notifyManager.batch(() => {
      for (const event of events) this.#apply(event);
    });
  }

  /** Keep a job as it stands, unless a newer snapshot is known; return the one that counts. */
  keep(job: Job): Job {
    const known = this.#queries.getQueryData<Job>(keys.job(job.id));
    const chosen = newest(known, job);
    if (chosen !== known) this.#queries.setQueryData(keys.job(job.id), chosen);
    return chosen;
  }

  isRemoved(id: string): boolean {
    return this.#removed.has(id);
  }

  /** Read again whatever is shown: events may be missing. */
  async missed(): Promise<void> {
    await this.#queries.invalidateQueries({ queryKey: keys.job(), refetchType: "none" });
    await this.#queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "job" });
    // The lists brought most jobs along; what they did not bring is read one by one.
    await this.#queries.refetchQueries({ queryKey: keys.job(), stale: true, type: "active" });
  }

  #apply(event: StreamEvent): void {
    switch (event.kind) {
      case "job":
        if (isRemoval(event.data)) this.forget(event.data.id);
        else this.#job(event.data);
        break;
      case "episode":
        this.#episode(event.data);
        break;
      case "log":
        this.#line(event.data);
        break;
      case "reset":
        this.#reset(event.data);
    }
  }

  #job(job: Job): void {
    const before = this.#queries.getQueryData<Job>(keys.job(job.id))?.state;
    const kept = this.keep(job);
    this.place(kept);
    if (before !== undefined && before !== kept.state) {
      announcement.set(`The job of ${kept.strategy} is ${kept.state}`);
    }
  }

  /** Put a job into the list of its group, and take it out of the others. */
  place(job: Job): void {
    for (const group of LISTS) {
      this.#queries.setQueryData<JobList>(keys.jobs(group), (list) => list && placed(list, job, group));
    }
  }

  /** Take a deleted job out of everything. */
  forget(id: string): void {
    this.#removed.add(id);
    for (const group of LISTS) {
      this.#queries.setQueryData<JobList>(keys.jobs(group), (list) => list && without(list, id));
    }
    void this.#queries.invalidateQueries({ queryKey: keys.job(id) });
  }

  #episode(episode: EpisodeEvent): void {
    this.#queries.setQueryData(keys.episode(episode.job_id, episode.number), episode);
    this.#queries.setQueryData<Scores>(
      keys.scores(episode.job_id),
      (scores) => scores && addScore(scores, episode),
    );
    // An answer that was under way meanwhile does not know of this episode.
    const reading = this.#queries.getQueryState(keys.scores(episode.job_id))?.fetchStatus === "fetching";
    this.#later(keys.episodes(episode.job_id));
    if (reading) this.#later(keys.scores(episode.job_id));
  }

  /** Read something again: at most once a second, however fast episodes end. */
  #later(queryKey: readonly string[]): void {
    const name = queryKey.join(" ");
    if (this.#due.has(name)) return;
    const timer = setTimeout(() => {
      this.#due.delete(name);
      void this.#queries.invalidateQueries({ queryKey });
    }, EPISODES_MS);
    this.#due.set(name, timer);
  }

  #line(line: LogLine): void {
    this.#queries.setQueryData<readonly LogLine[]>(keys.log(line.job_id ?? ""), (lines = []) =>
      [...lines, line].slice(-MOST_LINES),
    );
  }

  #reset(reset: Reset): void {
    if (reset.job_id === null) {
      void this.missed();
      return;
    }
    void this.#queries.invalidateQueries({ queryKey: keys.episodes(reset.job_id) });
    void this.#queries.invalidateQueries({ queryKey: keys.scores(reset.job_id) });
  }
}

function isRemoval(data: Job | JobRemoved): data is JobRemoved {
  return data.state === "deleted";
}
