import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { expectAccessible } from "../testing/accessibility";
import { BACKTEST } from "../testing/backtest";
import { aJob, anEpisode } from "../testing/samples";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";
import { picksOf, pickText } from "./picks";

vi.mock("../charts/EChart", () => ({
  EChart: ({ label }: { label: string }) => <div role="img" aria-label={label} />,
}));

const ID = aJob().id;

function service() {
  return serviceWith([aJob()])
    .on("GET", "/api/jobs/*/episodes/*", ({ path }) => anEpisode({ number: Number(path.split("/")[5]) }))
    .on("GET", "/api/jobs/*/episodes/*/backtest", () => BACKTEST);
}

describe("the comparison", () => {
  it("puts episodes, and the best of a job, side by side and marks what differs", async () => {
    service();
    const { container } = show(`/compare?of=${ID}:1,${ID}`);
    const table = await screen.findByRole("table");
    await waitFor(() =>
      expect(within(table).getByRole("row", { name: /^fast/ })).toHaveTextContent("fast ≠68"),
    );
    expect(within(table).getByRole("row", { name: /^slow/ })).toHaveTextContent("slow6060");
    expect(
      await screen.findByRole("img", { name: "Growth of the equity of sma_cross #1, sma_cross #3" }),
    ).toBeVisible();
    await expectAccessible(container);
  });

  it("takes a side out", async () => {
    service();
    const { router } = show(`/compare?of=${ID}:1,${ID}:2`);
    await userEvent.click(await screen.findByRole("button", { name: "Take sma_cross #1 out" }));
    await waitFor(() => expect(router.state.location.search).toEqual({ of: `${ID}:2` }));
  });

  it("says what to do where nothing is chosen", async () => {
    service();
    show("/compare");
    expect(await screen.findByText("Nothing is chosen yet")).toBeVisible();
  });
});

describe("picksOf", () => {
  it.each([
    [undefined, []],
    ["a:1,b", ["a:1", "b"]],
    ["a:1,a:1", ["a:1"]],
    ["a:0,../x,<b>,a:x", []],
    ["a,b,c,d,e,f,g", ["a", "b", "c", "d", "e", "f"]],
  ])("reads %s", (text, picks) => {
    expect(picksOf(text).map(pickText)).toEqual(picks);
  });
});
