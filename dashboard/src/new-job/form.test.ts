import { describe, expect, it } from "vitest";
import type { Parameter } from "../api/types";
import { FAST, FORM, KIND, STRATEGY, withParameter } from "../testing/forms";
import { aJob, SPEC } from "../testing/samples";
import { forStrategy, likeJob, requestOf } from "./form";
import { errorsFromServer, errorsOf } from "./rules";

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
    [{ step: "-1" }, "The step is a whole number above 0, or empty"],
    [{ step: "1.5" }, "The step is a whole number above 0, or empty"],
    [{ mode: "list" as const, list: "" }, "Each value, between commas, is a whole number from 5 to 50"],
    [{ mode: "list" as const, list: "5, 60" }, "Each value, between commas, is a whole number from 5 to 50"],
    [{ mode: "list" as const, list: "5, 6, 5.0" }, "Name each value once"],
    [{ mode: "fixed" as const, value: "4" }, "It is a whole number from 5 to 50"],
  ])("refuses a parameter with %o", (part, rule) => {
    expect(errorsOf(withParameter("fast", part), STRATEGY)).toEqual({ "params.fast": rule });
  });

  it("wants an option of a choice", () => {
    expect(errorsOf(withParameter("kind", { options: [] }), STRATEGY)).toHaveProperty(["params.kind"]);
  });

  it("puts what the server found beside its field", () => {
    expect(
      errorsFromServer(
        [
          { field: "body.fee", rule: "less than or equal to 0.1", value: 2 },
          {
            field: "body.params.dict[union[int,list[union.fast.RangeIn.low.float",
            rule: "a number",
            value: "x",
          },
          { field: "body.params", rule: "kind was hma; it is one of sma, ema, True", value: "" },
          { field: "query.limit", rule: "small", value: 1 },
        ],
        [FAST, KIND],
      ),
    ).toEqual({
      fee: "Less than or equal to 0.1",
      "params.fast": "A number",
      "params.kind": "Kind was hma; it is one of sma, ema, True",
    });
    expect(
      errorsFromServer([{ field: "body.params", rule: "the grid is empty", value: "" }], [FAST]),
    ).toEqual({
      params: "The grid is empty",
    });
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

describe("forStrategy", () => {
  const like = (space: Record<string, unknown>) =>
    forStrategy(likeJob(aJob({ spec: { ...SPEC, space } })), STRATEGY).params;

  it("keeps what the job did with each parameter, and takes what it did not know as declared", () => {
    const params = like({ fast: { type: "choice", default: 5, options: [5, 20] } });
    expect(params.fast).toMatchObject({ mode: "list", list: "5, 20", low: "5", high: "50" });
    expect(params.kind).toMatchObject({ mode: "search", options: ["sma", "ema", "true"] });
  });

  it("takes the options of a choice for options", () => {
    const params = like({ kind: { type: "choice", default: "ema", options: ["ema"] }, fast: { fixed: 9 } });
    expect(params.kind).toMatchObject({ mode: "search", options: ["ema"] });
    expect(params.fast).toMatchObject({ mode: "fixed", value: "9", low: "5", high: "50", step: "1" });
  });
});
