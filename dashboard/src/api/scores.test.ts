import { describe, expect, it } from "vitest";
import { anEpisode } from "../testing/samples";
import { bestSoFar, scoresOf } from "./scores";

describe("bestSoFar", () => {
  it("keeps the episodes that raised the score, and ends at the newest", () => {
    const points = [3, 1, 4, 1, 5, 2].map((score, place) => ({ number: place + 1, score }));
    expect(bestSoFar(points)).toEqual([
      { number: 1, score: 3 },
      { number: 3, score: 4 },
      { number: 5, score: 5 },
      { number: 6, score: 5 },
    ]);
  });

  it("is empty where nothing has a score", () => {
    expect(bestSoFar([])).toEqual([]);
  });
});

it("scoresOf puts episodes in their order, each once, and keeps a score of zero", () => {
  const episodes = [
    anEpisode({ number: 2, score: 0 }),
    anEpisode({ number: 1, score: null }),
    anEpisode({ number: 2, score: 0 }),
  ];
  expect(scoresOf(episodes, true).points).toEqual([{ number: 2, score: 0, params: { fast: 7, slow: 60 } }]);
});
