import { describe, expect, it } from "vitest";
import { aRunningEpisode } from "../testing/samples";
import { nextLanes } from "./lanes";

const seven = aRunningEpisode({ number: 7, worker: "a" });
const eight = aRunningEpisode({ number: 8, worker: "b" });
const nine = aRunningEpisode({ number: 9, worker: "a" });

describe("nextLanes", () => {
  it("gives a worker the lane that it had", () => {
    const lanes = nextLanes([], [seven, eight]);
    expect(nextLanes(lanes, [eight, nine]).map((lane) => lane.episode?.number)).toEqual([9, 8]);
  });

  it("keeps the lane of a worker between two episodes", () => {
    const lanes = nextLanes([], [seven, eight]);
    expect(nextLanes(lanes, [eight])).toEqual([
      { worker: "a", episode: null },
      { worker: "b", episode: eight },
    ]);
  });

  it("gives an idle lane to a worker that took another's place", () => {
    const lanes = nextLanes([], [seven, eight]);
    const ten = aRunningEpisode({ number: 10, worker: "c" });
    expect(nextLanes(lanes, [eight, ten]).map((lane) => lane.worker)).toEqual(["c", "b"]);
  });

  it("gives two episodes of one worker a lane each", () => {
    expect(nextLanes([], [seven, nine])).toHaveLength(2);
  });
});
