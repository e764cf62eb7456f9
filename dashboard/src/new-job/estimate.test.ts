import { describe, expect, it } from "vitest";
import type { Parameter } from "../api/types";
import { FAST, FORM, STRATEGY, withParameter } from "../testing/forms";
import { aJob } from "../testing/samples";
import { candlesOf, episodesOf, estimate } from "./estimate";
import type { JobForm } from "./form";
import { gridSize, gridText } from "./levels";
import { errorsOf } from "./rules";

describe("the grid", () => {
  it("has as many configurations as the levels make", () => {
    expect(gridText(FORM, STRATEGY.parameters)).toContain("138 configurations (fast 46 × kind 3)");
    const coarse = { ...withParameter("fast", { step: "10" }), optimizer: "grid", episodes: "" } as const;
    expect(gridText(coarse, [FAST])).toContain("The grid has 5 configurations;");
    expect(episodesOf(coarse, [FAST])).toBe(5);
    expect(episodesOf({ ...coarse, episodes: "3" }, [FAST])).toBe(3);
  });

  it("cuts a range without a step into ten, and a listed one into its values", () => {
    const smooth: Parameter = { ...FAST, type: "float", step: null };
    expect(gridSize(withParameter("fast", { step: "" }), [smooth])).toBe(10);
    expect(gridSize(withParameter("fast", { mode: "list", list: "5, 7" }), [FAST])).toBe(2);
    expect(gridSize(withParameter("fast", { low: "", high: "x" }), [FAST])).toBeNull();
  });

  it("that is too large wants a number of episodes", () => {
    const wide: Parameter = { ...FAST, high: 2_000_000 };
    const form: JobForm = { ...withParameter("fast", { high: "2000000" }), optimizer: "grid", episodes: "" };
    const strategy = { ...STRATEGY, parameters: [wide] };
    expect(errorsOf(form, strategy)).toHaveProperty(["episodes"]);
    expect(errorsOf({ ...form, episodes: "50" }, strategy)).toEqual({});
  });
});

describe("estimate", () => {
  it("goes by the newest measured job of the strategy", () => {
    const jobs = [
      aJob({ candles_per_second: 1000, created_at: "2026-09-21T14:00:00.000Z" }),
      aJob({ candles_per_second: 100_000, created_at: "2026-09-20T14:00:00.000Z" }),
      aJob({ candles_per_second: null, created_at: "2026-09-22T14:00:00.000Z" }),
    ];
    expect(estimate(jobs, "sma_cross", 100, 10_000)).toMatch(
      /^About 16 min 40 s: 100 episodes of 10,000 candles/,
    );
  });

  it("goes by the others where this strategy has not run", () => {
    const jobs = [10, 1000, 500].map((candles_per_second) => aJob({ candles_per_second }));
    expect(estimate(jobs, "other", 1, 50_000)).toMatch(/^About 1 min 40 s: .* this one has not run yet/);
  });

  it("says where nothing was measured", () => {
    expect(estimate([], "sma_cross", 1, 1)).toContain("no job has run here yet");
    expect(estimate([aJob({ candles_per_second: null })], "sma_cross", 1, 1)).toContain("no job has run");
  });

  it("knows how long a sample with settings is", () => {
    expect(candlesOf([], "sample:minute?candles=500&seed=1")).toBe(500);
    expect(candlesOf([], "unknown")).toBeNull();
  });
});
