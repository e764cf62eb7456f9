import { describe, expect, it } from "vitest";
import type { Scored } from "../api/scores";
import { neighbourhood, shapeOf } from "./neighbours";

const SPACE = {
  x: { type: "int", default: 1, low: 0, high: 100, step: 1, log: false },
  kind: { type: "choice", default: "a", options: ["a", "b"] },
  slow: { fixed: 60 },
};

function row(score: (x: number) => number, kind = "a"): Scored[] {
  return Array.from({ length: 50 }, (_, place) => ({
    number: place + 1,
    score: score(place),
    params: { x: place, kind, slow: 60 },
  }));
}

describe("neighbourhood", () => {
  it("tells a plateau from a lonely peak", () => {
    const plateau = neighbourhood(
      row((x) => (x > 20 && x < 40 ? 2 - 0.01 * Math.abs(x - 30) : 0)),
      SPACE,
    );
    expect(plateau).toMatchObject({ best: { number: 31 }, count: 10 });
    expect(plateau?.median).toBeCloseTo(1.97);
    expect(plateau?.share).toBeCloseTo(0.985);
    const peak = neighbourhood(
      row((x) => (x === 30 ? 2 : 0.1)),
      SPACE,
    );
    expect(peak).toMatchObject({ median: 0.1, share: 0.05 });
    expect([plateau, peak].map((around) => shapeOf(around?.share ?? 0))).toEqual([
      "a plateau",
      "a lonely peak",
    ]);
  });

  it("measures how far the neighbours are, and takes another option for a far one", () => {
    const points = [...row((x) => (x === 30 ? 9 : 1)), ...row(() => -5, "b")];
    const around = neighbourhood(points, SPACE);
    expect(around?.median).toBe(1);
    expect(around?.reach).toBeCloseTo(0.05 / Math.SQRT2);
  });

  it("counts a configuration once, and the best itself not at all", () => {
    const again = row((x) => x).filter(({ params }) => params.x !== 3);
    const points = [...again, ...again.map((point) => ({ ...point, number: point.number + 100 }))];
    expect(neighbourhood(points, SPACE)?.median).toBe(43.5);
    expect(neighbourhood(points.slice(0, 10), SPACE)).toBeNull();
  });

  it("has no share of a best that is not above zero", () => {
    const around = neighbourhood(
      row((x) => -x),
      SPACE,
    );
    expect(around).toMatchObject({ share: null, median: -5.5 });
  });
});
