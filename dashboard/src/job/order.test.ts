import { describe, expect, it } from "vitest";
import { orderText } from "../api/keys";
import { anEpisode } from "../testing/samples";
import { metricsOf, sortedBy } from "./order";

const BEST = { by: "score", descending: true } as const;

describe("sortedBy", () => {
  it.each([
    [{ by: "score" } as const, "score asc"],
    [{ by: "number" } as const, "number asc"],
    [{ by: "metric", name: "max_drawdown" } as const, "metric max_drawdown desc"],
    [{ by: "metric", name: "fees_paid" } as const, "metric fees_paid asc"],
    [{ by: "param", name: "fast" } as const, "param fast asc"],
  ])("sorts by %o with what is better first", (column, text) => {
    expect(orderText(sortedBy(column, BEST))).toBe(text);
  });

  it("turns round what is sorted already", () => {
    const once = sortedBy({ by: "metric", name: "trades" }, BEST);
    expect(sortedBy({ by: "metric", name: "trades" }, once).descending).toBe(false);
    expect(orderText(sortedBy({ by: "metric", name: "sqn" }, once))).toBe("metric sqn desc");
  });
});

it("metricsOf names the metrics in the order in which they are shown", () => {
  const some = anEpisode({ metrics: { trades: 1, of_tomorrow: 0, sharpe: 1 } });
  expect(metricsOf([anEpisode({ metrics: null }), some])).toEqual(["sharpe", "trades", "of_tomorrow"]);
  expect(metricsOf([anEpisode({ metrics: null })])).toContain("sqn");
});
