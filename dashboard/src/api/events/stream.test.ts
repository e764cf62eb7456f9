import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSource } from "../../testing/FakeSource";
import { aJob } from "../../testing/samples";
import { Signal } from "../signal";
import type { Connection } from "./connection";
import { EventStream } from "./stream";
import type { RawEvent } from "./wire";

interface Kept {
  readonly stream: EventStream;
  readonly sources: FakeSource[];
  readonly connection: Signal<Connection>;
  readonly events: RawEvent[];
  misses: number;
  refusals: number;
}

function listening(): Kept {
  const sources: FakeSource[] = [];
  const connection = new Signal<Connection>({ phase: "connecting" });
  const events: RawEvent[] = [];
  const stream = new EventStream({
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    connection,
    event: (event) => events.push(event),
    missed: () => (kept.misses += 1),
    refused: () => {
      kept.refusals += 1;
      return Promise.reject(new Error("refused"));
    },
  });
  const kept: Kept = { stream, sources, connection, events, misses: 0, refusals: 0 };
  stream.start();
  return kept;
}

function newest(kept: Kept): FakeSource {
  const source = kept.sources.at(-1);
  if (!source) throw new Error("no source was opened");
  return source;
}

describe("EventStream", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("opens one source, however often it is started", () => {
    const kept = listening();
    kept.stream.start();
    expect(kept.sources).toHaveLength(1);
    expect(kept.connection.get()).toEqual({ phase: "connecting" });
    newest(kept).opens();
    expect(kept.connection.get()).toEqual({ phase: "live" });
  });

  it("hands on each event at once, unread, with the id that is its own", () => {
    const kept = listening();
    newest(kept).opens();
    newest(kept).sends("job", { id: "1" });
    newest(kept).sends("job", { id: "1" }, "b-7");
    newest(kept).sends("log", {});
    expect(kept.events).toEqual([
      { kind: "job", text: '{"id":"1"}', id: "" },
      { kind: "job", text: '{"id":"1"}', id: "b-7" },
      { kind: "log", text: "{}", id: "" },
    ]);
  });

  it("says since when it is lost, and leaves the browser to take a dropped connection up", () => {
    const kept = listening();
    newest(kept).opens();
    vi.setSystemTime(5000);
    newest(kept).drops();
    vi.setSystemTime(8000);
    newest(kept).drops();
    expect(kept.connection.get()).toEqual({ phase: "lost", since: 5000 });
    vi.advanceTimersByTime(60_000);
    expect(kept.sources).toHaveLength(1);
    newest(kept).opens();
    expect(kept.connection.get()).toEqual({ phase: "live" });
    expect(kept.misses).toBe(1);
  });

  it("opens a refused stream anew, ever more slowly, and reads everything again", () => {
    const kept = listening();
    newest(kept).refuses();
    expect(kept.refusals).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(kept.sources).toHaveLength(2);
    newest(kept).refuses();
    vi.advanceTimersByTime(1000);
    expect(kept.sources).toHaveLength(2);
    vi.advanceTimersByTime(1000);
    expect(kept.sources).toHaveLength(3);
    newest(kept).opens();
    expect(kept.misses).toBe(1);
  });

  it("opens anew what seems open while the server cannot be reached", () => {
    const kept = listening();
    newest(kept).opens();
    kept.stream.suspect();
    kept.stream.suspect();
    expect(kept.connection.get().phase).toBe("lost");
    vi.advanceTimersByTime(1000);
    expect(kept.sources).toHaveLength(2);
    newest(kept).opens();
    expect(kept.misses).toBe(2);
  });

  it("hears nothing of a source that it has left", () => {
    const kept = listening();
    const first = newest(kept);
    first.opens();
    kept.stream.restart();
    first.sends("job", aJob());
    first.drops();
    expect(kept.events).toHaveLength(0);
    expect(kept.connection.get()).toEqual({ phase: "live" });
  });
});
