import { describe, expect, it } from "vitest";
import type { Palette } from "../charts/palette";
import { BACKTEST } from "../testing/backtest";
import { aJob } from "../testing/samples";
import type { Compared } from "./compared";
import { equityOption, sameDates } from "./equityOption";

const DAY = 86_400_000;

function side(start: number): Compared {
  const equity = { index: [0, 1], timestamp: [start, start + 3 * DAY], equity: [10_000, 12_500] };
  const pick = { jobId: aJob().id, number: 1 };
  return { pick, job: aJob(), episode: undefined, backtest: { ...BACKTEST, equity }, error: null };
}

const SIDES = [side(100 * DAY), side(900 * DAY)];

describe("equityOption", () => {
  it("draws growth over dates, or over the days since each began", () => {
    const palette = {} as Palette;
    expect(equityOption(SIDES, palette)).toMatchObject({
      xAxis: { type: "time" },
      series: [
        {
          data: [
            [100 * DAY, 0],
            [103 * DAY, 25],
          ],
        },
        {
          data: [
            [900 * DAY, 0],
            [903 * DAY, 25],
          ],
        },
      ],
    });
    const data = [
      [0, 0],
      [3, 25],
    ];
    expect(equityOption(SIDES, palette, "days")).toMatchObject({
      xAxis: { type: "value" },
      series: [{ data }, { data }],
    });
  });

  it("knows whether the dates are the same", () => {
    expect(sameDates(SIDES)).toBe(false);
    expect(sameDates([side(5), side(5)])).toBe(true);
    expect(sameDates([])).toBe(true);
  });
});
