import { describe, expect, it } from "vitest";
import { SPEC } from "../testing/samples";
import { trainCommand } from "./command";
import { searchedNames } from "./space";

describe("trainCommand", () => {
  it("writes everything that the result depends on", () => {
    expect(trainCommand(SPEC)).toBe(
      "trad train sma_cross --data sample:minute --optimizer random --episodes 20 --objective sharpe --seed 7 " +
        "--fee 0.001 --slippage 0.0005 --position-size 1 --param fast=5:50:1 --param slow=60",
    );
  });

  it("quotes what a shell would take for something else", () => {
    const space = { kind: { type: "choice", default: "a b", options: ["a b", "it's"] } };
    const command = trainCommand({
      ...SPEC,
      data: "sample:minute?candles=10&seed=1",
      space,
      episode_timeout: 30,
    });
    expect(command).toContain("--data 'sample:minute?candles=10&seed=1'");
    expect(command).toContain("--episode-timeout 30");
    expect(command).toContain("--param 'kind=a b,it'\\''s'");
  });

  it("leaves a range without a step without one, and rounds no bound", () => {
    const space = { x: { type: "float", default: 0, low: 0.1234567891, high: 1, step: null, log: false } };
    expect(trainCommand({ ...SPEC, space })).toContain("--param x=0.1234567891:1");
  });
});

it("searchedNames leaves fixed parameters out", () => {
  expect(searchedNames(SPEC.space)).toEqual(["fast"]);
});
