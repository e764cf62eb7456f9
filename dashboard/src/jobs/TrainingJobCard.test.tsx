import { cleanup, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Job } from "../api/types";
import { expectAccessible } from "../testing/accessibility";
import { aJob, anEpisode, aRunningEpisode, HOSTILE, SPEC } from "../testing/samples";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";

async function card(job: Job): Promise<HTMLElement> {
  serviceWith([job]);
  show("/");
  return screen.findByRole("article");
}

describe("a card", () => {
  it("shows all three levels", async () => {
    const article = await card(aJob());
    expect(article).toHaveTextContent("33.6%");
    expect(article).toHaveTextContent("3 min 20 s left");
    expect(article).toHaveTextContent("Episode 7/20");
    expect(article).toHaveTextContent("Processing candle 4,500/10,000 (45.0%) - trade simulation");
    expect(article).toHaveTextContent("1,234,567/s candles");
    expect(article).toHaveTextContent("1.2345");
    expect(within(article).getByRole("progressbar", { name: "Job sma_cross" })).toHaveAttribute(
      "aria-valuenow",
      "33.6",
    );
    const thin = within(article).getByRole("progressbar", { name: "Episode 7" });
    expect(thin).toHaveAttribute(
      "aria-valuetext",
      "Processing candle 4,500/10,000 (45.0%) - trade simulation",
    );
  });

  it("shows zero as zero", async () => {
    const running = [
      aRunningEpisode({ candles_processed: 0, percent: 0, fraction: 0, stage: "signal_generation" }),
    ];
    const article = await card(
      aJob({
        progress: 0,
        best_score: 0,
        best_episode: 1,
        candles_per_second: 0,
        eta_seconds: 0,
        running,
      }),
    );
    expect(article).toHaveTextContent("0.0%");
    expect(article).toHaveTextContent("0.0000");
    expect(article).toHaveTextContent("0/s candles");
    expect(article).toHaveTextContent("0 s left");
    expect(article).toHaveTextContent("Processing candle 0/10,000 (0.0%) - signal generation");
  });

  it("shows what is not known as a dash", async () => {
    const unknown = { best_score: null, best_episode: null, eta_seconds: null, candles_per_second: null };
    const article = await card(
      aJob({ ...unknown, state: "queued", running: [], elapsed_seconds: 0, recorded_episodes: 0 }),
    );
    expect(article).toHaveTextContent("— left");
    expect(article).toHaveTextContent("— candles");
    expect(article).toHaveTextContent("no episode has a score yet");
  });

  it("keeps the room of the widest figure, which nobody sees or hears", async () => {
    const article = await card(aJob({ failed_episodes: 0 }));
    const rooms = [...article.querySelectorAll("[data-widest]")].map((figure) => [
      figure.textContent,
      figure.getAttribute("data-widest"),
    ]);
    expect(rooms).toEqual([
      ["33.6%", "100.0%"],
      ["3 min 20 s left", "59 min 59 s left"],
      ["Episode 7/20", "Episode 20/20"],
      ["0 failed", "20 failed"],
      ["1,234,567/s candles", "99,999,999/s candles"],
      ["4,500", "10,000"],
      ["(45.0%)", "(100.0%)"],
      ["trade simulation", "signal generation"],
    ]);
  });

  it("has its first lane before an episode begins, and none where its worker is lost", async () => {
    expect(await card(aJob({ running: [] }))).toHaveTextContent("Between two episodes");
    cleanup();
    const condition = { kind: "lost_worker", cause: "its worker is lost", remedy: "wait" };
    expect(await card(aJob({ running: [], condition }))).not.toHaveTextContent("Between two episodes");
  });

  it("says that all episodes failed, though the job was completed", async () => {
    const ended: Partial<Job> = { state: "completed", running: [], progress: 100 };
    expect(await card(aJob({ ...ended, completed_episodes: 0, failed_episodes: 5 }))).toHaveTextContent(
      "All 5 episodes failed",
    );
    cleanup();
    expect(await card(aJob({ ...ended, completed_episodes: 1, failed_episodes: 5 }))).not.toHaveTextContent(
      "All 5 episodes failed",
    );
  });

  it("shows names as text, however they are meant", async () => {
    const spec = { ...SPEC, data: HOSTILE };
    const article = await card(
      aJob({ strategy: HOSTILE, spec, note: HOSTILE, running: [aRunningEpisode({ worker: HOSTILE })] }),
    );
    expect(article).toHaveTextContent(HOSTILE);
    expect(document.querySelector("img")).toBeNull();
    expect(window).not.toHaveProperty("harmed");
  });

  it("says what keeps a job from going on, and what to do", async () => {
    const condition = {
      kind: "no_worker",
      cause: "No worker is running",
      remedy: "Start one: trad worker",
    };
    const article = await card(aJob({ state: "queued", running: [], condition }));
    expect(article).toHaveTextContent("No worker is running");
    expect(article).toHaveTextContent("Start one: trad worker");
  });

  it("says since when its worker has not been heard of", async () => {
    // The page's clock ticks once a second: a moment that it has not seen makes it look anew.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    const heartbeat_at = new Date(Date.now() - 125_000).toISOString();
    try {
      expect(await card(aJob({ heartbeat_at }))).toHaveTextContent(
        "Worker host:10 not heard of for 2 min 05 s",
      );
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps silent about a worker that is heard of", async () => {
    expect(await card(aJob({ heartbeat_at: new Date().toISOString() }))).not.toHaveTextContent(
      "not heard of",
    );
  });

  it("draws how the best score came about", async () => {
    serviceWith([aJob()], [anEpisode({ number: 1 }), anEpisode({ number: 2 })]);
    show("/");
    expect(
      await screen.findByRole("img", { name: "Best score from 0.1000 at episode 1 to 0.2000" }),
    ).toBeVisible();
  });

  it("writes no style element, which the server's policy would refuse", async () => {
    const before = document.querySelectorAll("style").length;
    await card(aJob());
    expect(document.querySelectorAll("style")).toHaveLength(before);
  });

  it("can be read by those who do not see it", async () => {
    await expectAccessible(await card(aJob()));
  });
});
