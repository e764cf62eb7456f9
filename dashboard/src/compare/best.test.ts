import { expect, it } from "vitest";
import { bestOfMetric } from "./best";

it.each([
  ["sharpe", [1, 3, 3, null], [1, 2]],
  ["sharpe", [-1, -3], [0]],
  ["max_drawdown", [-0.3, -0.1], [1]],
  ["fees_paid", [5, 2, undefined], [1]],
  ["max_drawdown_duration", [5, 2], [1]],
  ["sharpe", [2, 2], []],
  ["sharpe", [2, null], []],
  ["sharpe", [], []],
  ["trades", [5, 2], []],
  ["of_tomorrow", [5, 2], []],
])("bestOfMetric(%s, %j) is %j", (name, values, sides) => {
  expect(bestOfMetric(name, values)).toEqual(sides);
});
