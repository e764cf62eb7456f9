import { describe, expect, it } from "vitest";
import type { Parameter, Strategy } from "../api/types";
import { aJob, SPEC } from "../testing/samples";
import { candlesOf, estimate } from "./estimate";
import { EMPTY, likeJob, requestOf, withStrategy, type JobForm, type ParameterForm } from "./form";
import { errorsFromServer, errorsOf } from "./rules";

const FAST: Parameter = {
  name: "fast",
  type: "int",
  default: 10,
  low: 5,
  high: 50,
  step: 1,
  log: false,
  choices: null,
};
const KIND: Parameter = {
  name: "kind",
  type: "choice",
  default: "sma",
  low: null,
  high: null,
  step: null,
  log: false,
  choices: ["sma", "ema", true],
};
const STRATEGY: Strategy = {
  name: "sma_cross",
  kind: "built-in",
  source: "",
  docs: "",
  parameters: [FAST, KIND],
  error: null,
};

const FORM: JobForm = { ...withStrategy(EMPTY, STRATEGY), data: "sample:minute" };

function withParameter(name: string, part: Partial<ParameterForm>): JobForm {
  const given = FORM.params[name];
  if (!given) throw new Error(`no parameter ${name}`);
  return { ...FORM, params: { ...FORM.params, [name]: { ...given, ...part } } };
}

describe("requestOf", () => {
  it("leaves out what is searched as declared", () => {
    expect(requestOf(FORM, STRATEGY)).toMatchObject({
      params: {},
      episodes: 100,
      seed: 0,
      fee: 0.001,
      episode_timeout: null,
    });
  });

  it.each([
    [{ low: "8", high: "20" }, { fast: { low: 8, high: 20, step: 1 } }],
    [{ step: "" }, { fast: { low: 5, high: 50, step: null } }],
    [{ mode: "fixed" as const, value: "0" }, { fast: 0 }],
  ])("writes %o", (part, params) => {
    expect(requestOf(withParameter("fast", part), STRATEGY).params).toEqual(params);
  });

  it("gives options their own type back", () => {
    const form = withParameter("kind", { options: ["ema", "true"] });
    expect(requestOf(form, STRATEGY).params).toEqual({ kind: ["ema", true] });
  });
});

describe("errorsOf", () => {
  it("finds nothing wrong with what is prefilled", () => {
    expect(errorsOf(FORM, STRATEGY)).toEqual({});
  });

  it.each([
    ["episodes", "0"],
    ["episodes", "2.5"],
    ["fee", "0.2"],
    ["fee", ""],
    ["fee", "much"],
    ["position_size", "0"],
    ["seed", "-1"],
    ["episode_timeout", "0"],
  ] as const)("refuses %s %s", (field, text) => {
    expect(Object.keys(errorsOf({ ...FORM, [field]: text }, STRATEGY))).toEqual([field]);
  });

  it.each([
    ["fee", "0"],
    ["episodes", ""],
    ["episode_timeout", ""],
  ] as const)("takes %s %s", (field, text) => {
    expect(errorsOf({ ...FORM, [field]: text }, STRATEGY)).toEqual({});
  });

  it.each([
    [{ low: "60" }, "Each end is a whole number from 5 to 50"],
    [{ low: "30", high: "20" }, "The low end lies above the high end"],
    [{ low: "5.5" }, "Each end is a whole number from 5 to 50"],
    [{ step: "-1" }, "The step is a number above 0, or empty"],
    [{ mode: "fixed" as const, value: "4" }, "It is a whole number from 5 to 50"],
  ])("refuses a parameter with %o", (part, rule) => {
    expect(errorsOf(withParameter("fast", part), STRATEGY)).toEqual({ "params.fast": rule });
  });

  it("wants an option of a choice", () => {
    expect(errorsOf(withParameter("kind", { options: [] }), STRATEGY)).toHaveProperty(["params.kind"]);
  });

  it("puts what the server found beside its field", () => {
    expect(
      errorsFromServer([
        { field: "body.fee", rule: "less than or equal to 0.1", value: 2 },
        { field: "body.params.fast.low", rule: "a number", value: "x" },
        { field: "query.limit", rule: "small", value: 1 },
      ]),
    ).toEqual({ fee: "Less than or equal to 0.1", "params.fast": "A number" });
  });
});

it("likeJob asks for the same again", () => {
  const slow: Parameter = { ...FAST, name: "slow", low: 10, high: 300 };
  const form = likeJob(aJob());
  const request = requestOf(form, { ...STRATEGY, parameters: [FAST, slow] });
  expect(request).toMatchObject({
    strategy: SPEC.strategy,
    data: SPEC.data,
    seed: 7,
    episodes: 20,
    params: { slow: 60 },
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

  it("says where nothing was measured", () => {
    expect(estimate([], "sma_cross", 1, 1)).toContain("no job of sma_cross has been measured yet");
  });

  it("knows how long a sample with settings is", () => {
    expect(candlesOf([], "sample:minute?candles=500&seed=1")).toBe(500);
    expect(candlesOf([], "unknown")).toBeNull();
  });
});
