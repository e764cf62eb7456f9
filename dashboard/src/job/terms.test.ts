import { expect, it } from "vitest";
import { SPEC } from "../testing/samples";
import { trainCommand } from "./command";
import { termTexts } from "./terms";

it("writes terms as the command line takes them", () => {
  const spec = { ...SPEC, terms: { trailing_stop: 0.02, sides: "long" } };
  expect(termTexts(spec)).toEqual(["trailing_stop=0.02", "sides=long"]);
  expect(trainCommand(spec)).toContain("--term trailing_stop=0.02 --term sides=long");
});
