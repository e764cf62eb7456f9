import { describe, expect, it } from "vitest";
import type { Scored } from "../api/scores";
import type { Palette } from "../charts/palette";
import { axisOf, fieldsOf, stretches } from "./grid";
import { mapOption, parallelOption, scoreOption } from "./insightOptions";

const GREY = "#808080";
const PALETTE: Palette = {
  dark: false,
  ink: GREY,
  dim: GREY,
  line: GREY,
  ground: GREY,
  live: GREY,
  good: GREY,
  bad: GREY,
  wait: GREY,
};

function scored(number: number, score: number, params: Scored["params"]): Scored {
  return { number, score, params };
}

it.each([
  [1, 5],
  [60, 5],
  [200, 10],
  [5000, 20],
])("divides the map of %i episodes into %i stretches", (episodes, expected) => {
  expect(stretches(episodes)).toBe(expected);
});

describe("axisOf", () => {
  it("gives each value a stretch where they are few", () => {
    const axis = axisOf([30, 10, 20, 10]);
    expect(axis.labels).toEqual(["10", "20", "30"]);
    expect([10, 20, 30].map(axis.place)).toEqual([0, 1, 2]);
  });

  it("cuts many values into stretches of equal length, the ends included", () => {
    const axis = axisOf(Array.from({ length: 101 }, (_, place) => place));
    expect(axis.labels).toHaveLength(20);
    expect([0, 50, 100].map(axis.place)).toEqual([0, 10, 19]);
  });

  it("takes words as they come", () => {
    expect(axisOf(["sma", "ema", "sma"]).labels).toEqual(["sma", "ema"]);
  });
});

it("fieldsOf takes the mean of each field", () => {
  const points = [
    scored(1, 1, { x: 1, y: 1 }),
    scored(2, 3, { x: 1, y: 1 }),
    scored(3, 0, { x: 2, y: 1 }),
    scored(4, 9, { x: 2 }),
  ];
  expect(fieldsOf(points, "x", "y").fields).toEqual([
    { x: 0, y: 0, score: 2, episodes: 2 },
    { x: 1, y: 0, score: 0, episodes: 1 },
  ]);
});

describe("the charts", () => {
  const points = [scored(1, 0, { x: 1, kind: "sma" }), scored(2, 0, { x: 2, kind: "ema" })];

  it("draw scores that are all zero", () => {
    expect(scoreOption(points, PALETTE)).toMatchObject({
      series: [
        {
          data: [
            [1, 0],
            [2, 0],
          ],
        },
        {
          data: [
            [1, 0],
            [2, 0],
          ],
        },
      ],
    });
    expect(mapOption(points, "x", "kind", PALETTE)).toMatchObject({ visualMap: { min: -1, max: 1 } });
  });

  it("mark the best on the map", () => {
    const better = [...points, scored(3, 7, { x: 2, kind: "sma" })];
    expect(mapOption(better, "x", "kind", PALETTE)).toMatchObject({
      series: [{ data: [{}, {}, {}] }, { data: [{ value: [1, 0, 7], best: { number: 3 } }] }],
    });
  });

  it("draw nothing where there is nothing", () => {
    expect(scoreOption([], PALETTE)).toMatchObject({ series: [{ data: [] }, { data: [] }] });
    expect(mapOption([], "x", "y", PALETTE)).toMatchObject({ series: [{ data: [] }, { data: [] }] });
  });

  it("give words an axis of words", () => {
    expect(parallelOption(points, ["x", "kind"], PALETTE)).toMatchObject({
      parallelAxis: [{ type: "value" }, { type: "category", data: ["sma", "ema"] }, { name: "score" }],
      series: [
        {
          data: [
            [1, "sma", 0],
            [2, "ema", 0],
          ],
        },
      ],
    });
  });

  it("write tooltips on the canvas, where no name becomes markup", () => {
    for (const option of [scoreOption(points, PALETTE), mapOption(points, "x", "kind", PALETTE)]) {
      expect(option).toMatchObject({ tooltip: { renderMode: "richText" } });
    }
  });
});
