import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { expectAccessible } from "../testing/accessibility";
import { aJob, anEpisode, aRunningEpisode, HOSTILE } from "../testing/samples";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";

const ID = aJob().id;
const EPISODES = [1, 2, 3].map((number) => anEpisode({ number }));

// A canvas is what jsdom does not have: the charts' options are tested by themselves.
vi.mock("../charts/EChart", () => ({
  EChart: ({ label }: { label: string }) => <div role="img" aria-label={label} />,
}));

beforeEach(() => {
  // Without a layout the virtual table would find that nothing is in sight.
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(480);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(800);
});

describe("the job page", () => {
  it("shows a lane for each worker", async () => {
    const running = [
      aRunningEpisode(),
      aRunningEpisode({ number: 8, worker: "host:12", candles_processed: 0, percent: 0 }),
    ];
    serviceWith([aJob({ running })]);
    show(`/jobs/${ID}`);
    const levels = await screen.findByRole("region", { name: "Progress" });
    expect(levels).toHaveTextContent("33.6%");
    expect(levels).toHaveTextContent("Worker host:11");
    expect(levels).toHaveTextContent("Processing candle 0/10,000 (0.0%) - trade simulation");
  });

  it("ranks its episodes, and compares those that are chosen", async () => {
    serviceWith([aJob()], EPISODES);
    const { router } = show(`/jobs/${ID}`);
    const user = userEvent.setup();
    const table = await screen.findByRole("table", { name: "Episodes" });
    const numbers = () =>
      within(table)
        .getAllByRole("link")
        .map((link) => link.textContent);
    await waitFor(() => expect(numbers()).toEqual(["3", "2", "1"]));
    await user.click(within(table).getByRole("checkbox", { name: "Compare episode 3" }));
    expect(screen.getByRole("button", { name: "Compare 1" })).toBeDisabled();
    await user.click(within(table).getByRole("checkbox", { name: "Compare episode 1" }));
    await user.click(screen.getByRole("button", { name: "Compare 2" }));
    await waitFor(() => expect(router.state.location.search).toEqual({ of: `${ID}:3,${ID}:1` }));
  });

  it("shows why episodes failed", async () => {
    const failed = anEpisode({ number: 4, state: "failed", score: null, metrics: null, error: HOSTILE });
    serviceWith([aJob({ failed_episodes: 1 })], [...EPISODES, failed]);
    show(`/jobs/${ID}`);
    const region = await screen.findByRole("heading", { name: "Failed episodes (1)" });
    await waitFor(() => expect(region.parentElement).toHaveTextContent(HOSTILE));
    expect(document.querySelector("img")).toBeNull();
  });

  it("shows what identifies the job, and how to repeat it", async () => {
    serviceWith([aJob({ state: "completed", fingerprint: "f00d".repeat(16), running: [] })]);
    show(`/jobs/${ID}`);
    expect(await screen.findByText("f00d".repeat(16))).toBeVisible();
    expect(screen.getByText(/^trad train sma_cross --data sample:minute/)).toBeVisible();
  });

  it("says that a job is not there", async () => {
    serviceWith([]);
    show(`/jobs/${ID}`);
    expect(await screen.findByText("It may have been deleted")).toBeVisible();
  });

  it("deletes when asked twice, and goes back to the jobs", async () => {
    const server = serviceWith([aJob({ state: "completed" })]).on("DELETE", "/api/jobs/*", () => undefined);
    const { router } = show(`/jobs/${ID}`);
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Delete" }));
    await user.click(screen.getByRole("button", { name: "Yes, delete it and its episodes" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(server.requests("DELETE", `/api/jobs/${ID}`)).toHaveLength(1);
  });

  it("can be read by those who do not see it", async () => {
    serviceWith([aJob()], EPISODES);
    const { container } = show(`/jobs/${ID}`);
    await screen.findByRole("table", { name: "Episodes" });
    await expectAccessible(container);
  });
});
