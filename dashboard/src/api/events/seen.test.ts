import { expect, it } from "vitest";
import { Seen } from "./seen";

it("takes each event once, snapshots always, and those of a new server anew", () => {
  const seen = new Seen();
  const ids = ["", "a-1", "a-2", "a-2", "a-1", "", "a-10", "b-1", "b-1"];
  const taken = ids.map((id) => seen.isNew({ kind: "job", text: "{}", id }));
  expect(taken).toEqual([true, true, true, false, false, true, true, true, false]);
});
