import { beforeEach, expect, it, vi } from "vitest";
import { Watch } from "./watch";

let asked = 0;
let silent = 0;
let drawn = 0.5;
let watch: Watch;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  silent = 0;
  drawn = 0.5;
  watch = new Watch({ ask: () => (asked += 1), silent: () => (silent += 1), draw: () => drawn });
  watch.start();
});

it("asks only after a silence, and is content with an answer", () => {
  vi.advanceTimersByTime(4000);
  expect(asked).toBe(0);
  vi.advanceTimersByTime(2000);
  expect(asked).toBe(1);
  for (let n = 0; n < 20; n += 1) {
    watch.heard();
    vi.advanceTimersByTime(6000);
  }
  expect(silent).toBe(0);
});

it("says that there is silence after several questions, within fifteen seconds", () => {
  vi.advanceTimersByTime(11_000);
  expect([asked, silent]).toEqual([3, 0]);
  drawn = 1;
  vi.advanceTimersByTime(3999);
  expect(silent).toBe(0);
  vi.advanceTimersByTime(1);
  expect(silent).toBe(1);
});

it("rests when another tab acted first", () => {
  vi.advanceTimersByTime(12_000);
  watch.heard();
  vi.advanceTimersByTime(4000);
  expect(silent).toBe(0);
});

it("asks before it judges where it stood still itself", () => {
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(2000);
  expect([asked, silent]).toEqual([1, 0]);
});

it("leaves it to others where it was silent itself", () => {
  watch.bePatient();
  vi.advanceTimersByTime(29_000);
  expect(silent).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(silent).toBe(1);
});

it("says nothing after it was stopped, though it was about to", () => {
  vi.advanceTimersByTime(12_500);
  watch.stop();
  vi.advanceTimersByTime(60_000);
  expect(silent).toBe(0);
});
