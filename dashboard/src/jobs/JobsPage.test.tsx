import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { Refusal } from "../testing/FakeServer";
import { aJob } from "../testing/samples";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";

describe("the page", () => {
  it("shows what runs before what waits, and that before what ended", async () => {
    serviceWith([
      aJob({ id: "1", state: "completed", strategy: "ended" }),
      aJob({ id: "2", state: "paused", strategy: "waits" }),
      aJob({ id: "3", strategy: "runs" }),
    ]);
    show("/");
    await screen.findByText("runs");
    expect(screen.getAllByRole("heading", { level: 2 }).map((title) => title.textContent)).toEqual([
      "Running",
      "Waiting",
      "Ended",
    ]);
    expect(
      screen.getAllByRole("article").map((article) => within(article).getByRole("link").textContent),
    ).toEqual(["runs", "waits", "ended"]);
  });

  it("says what to do first where there is no job", async () => {
    serviceWith([]);
    show("/");
    expect(await screen.findByText("No job yet")).toBeVisible();
    expect(screen.getByText(/trad train sma_cross/)).toBeVisible();
  });

  it("moves with the stream", async () => {
    serviceWith([aJob()]);
    const { sources } = show("/");
    const article = await screen.findByRole("article");
    act(() => {
      sources.at(-1)?.opens();
      sources.at(-1)?.sends("job", aJob({ progress: 40.1, heartbeat_at: "2026-09-21T14:15:03.000Z" }));
    });
    await waitFor(() => expect(article).toHaveTextContent("40.1%"));
    act(() => sources.at(-1)?.sends("job", { id: aJob().id, state: "deleted" }));
    await waitFor(() => expect(screen.queryByRole("article")).toBeNull());
  });

  it("pauses at once, and cancels when asked twice", async () => {
    const job = aJob();
    const server = serviceWith([job])
      .on("POST", "/api/jobs/*/pause", () => ({ ...job, request: "pause" }))
      .on("POST", "/api/jobs/*/cancel", () => ({ ...job, request: "cancel" }));
    show("/");
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Pause" }));
    expect(await screen.findByText("Pausing")).toBeVisible();
    expect(screen.getByRole("button", { name: "Cancel" })).toBeDisabled();
    expect(server.requests("POST", `/api/jobs/${job.id}/pause`)).toHaveLength(1);
  });

  it("asks before it cancels, and gives the place back to who keeps the job", async () => {
    const job = aJob();
    const server = serviceWith([job]).on("POST", "/api/jobs/*/cancel", () => ({
      ...job,
      request: "cancel",
    }));
    show("/");
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    await user.click(screen.getByRole("button", { name: "Keep it" }));
    expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("button", { name: "Yes, cancel the job" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(await screen.findByText("Cancelling")).toBeVisible();
    expect(server.requests("POST", `/api/jobs/${job.id}/cancel`)).toHaveLength(1);
  });

  it("says why something asked was refused", async () => {
    serviceWith([aJob()]).on(
      "POST",
      "/api/jobs/*/pause",
      () => new Refusal(409, "the job has ended already"),
    );
    show("/");
    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The job has ended already");
  });

  it("loads older jobs when asked", async () => {
    const server = serviceWith([]).on("GET", "/api/jobs", ({ query }) => {
      if (query.getAll("state").length !== 3) return { jobs: [], cursor: null };
      const second = query.get("cursor") === "next";
      const job = aJob({
        id: second ? "2" : "1",
        strategy: second ? "older" : "newer",
        state: "failed",
      });
      return { jobs: [job], cursor: second ? null : "next" };
    });
    show("/");
    await screen.findByText("newer");
    await userEvent.click(screen.getByRole("button", { name: "Show older jobs" }));
    expect(await screen.findByText("older")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Show older jobs" })).toBeNull();
    expect(server.requests("GET", "/api/jobs/2")).toHaveLength(0);
  });
});
