import { expect, it } from "vitest";
import { aJob } from "../testing/samples";
import { sameJob } from "./sameJob";

it("sees a change of what is read, and of nothing else", () => {
  const same = sameJob("state", "condition");
  const job = aJob();
  expect(same({ job }, { job: aJob({ progress: 90, candles_per_second: 1 }) })).toBe(true);
  expect(same({ job }, { job: aJob({ state: "paused" }) })).toBe(false);
  expect(same({ job }, { job: aJob({ condition: { kind: "x", cause: "y", remedy: "z" } }) })).toBe(false);
});
