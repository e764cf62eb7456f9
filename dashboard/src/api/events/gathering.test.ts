import { beforeEach, expect, it, vi } from "vitest";
import { aJob } from "../../testing/samples";
import { Gathering } from "./gathering";
import type { StreamEvent } from "./wire";

beforeEach(() => {
  vi.useFakeTimers();
});

function gathering() {
  const batches: (readonly StreamEvent[])[] = [];
  const add = (progress: number) =>
    gathered.add({ kind: "job", text: JSON.stringify(aJob({ progress })), id: String(progress) });
  const gathered = new Gathering((events) => batches.push(events));
  return { add, batches };
}

it("hands on what comes at nearly the same time together, in its order", () => {
  const { add, batches } = gathering();
  add(1);
  add(2);
  expect(batches).toHaveLength(0);
  vi.advanceTimersByTime(60);
  expect(batches).toEqual([
    [
      { kind: "job", data: aJob({ progress: 1 }) },
      { kind: "job", data: aJob({ progress: 2 }) },
    ],
  ]);
  vi.advanceTimersByTime(1000);
  expect(batches).toHaveLength(1);
});

it("keeps no more than so many where timers are held back", () => {
  const { add, batches } = gathering();
  for (let n = 0; n < 1001; n += 1) add(n % 100);
  expect(batches.map((batch) => batch.length)).toEqual([500, 500]);
  vi.advanceTimersByTime(60);
  expect(batches.at(-1)).toHaveLength(1);
});
