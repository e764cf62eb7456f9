import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { Trade } from "../api/types";
import { expectAccessible } from "../testing/accessibility";
import { BACKTEST } from "../testing/backtest";
import { Refusal } from "../testing/FakeServer";
import { aJob, anEpisode } from "../testing/samples";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";

// A canvas is what jsdom does not have: what it draws is tested in series.test.ts.
vi.mock("./CandleChart", () => ({
  CandleChart: ({ trade }: { trade: Trade | null }) => <p>chart at {trade?.entry_index ?? "all"}</p>,
}));

const ADDRESS = `/jobs/${aJob().id}/episodes/1`;

function service() {
  return serviceWith([aJob()])
    .on("GET", "/api/jobs/*/episodes/*", () => anEpisode())
    .on("GET", "/api/jobs/*/episodes/*/backtest", () => BACKTEST);
}

describe("the episode page", () => {
  it("shows chart, metrics with their meaning, and trades that lead to the chart", async () => {
    service();
    const { container } = show(ADDRESS);
    expect(await screen.findByText("chart at all")).toBeVisible();
    expect(screen.getByText("-12.00%")).toBeVisible();
    expect(screen.getByText(/deepest fall of the equity/)).toBeVisible();
    expect(screen.getByText("30 candles are drawn as 3 bars; no high and no low is lost.")).toBeVisible();
    const second = screen.getByRole("button", { name: "Show trade 2 on the chart" });
    await userEvent.click(second);
    expect(await screen.findByText("chart at 15")).toBeVisible();
    expect(second).toHaveAttribute("aria-pressed", "true");
    await expectAccessible(container);
  });

  it("says why it cannot be drawn again", async () => {
    service().on(
      "GET",
      "/api/jobs/*/episodes/*/backtest",
      () => new Refusal(409, "the strategy was changed"),
    );
    show(ADDRESS);
    expect(await screen.findByRole("alert")).toHaveTextContent("The strategy was changed");
  });

  it("says why an episode failed, and asks for no backtest", async () => {
    const failed = anEpisode({
      state: "failed",
      score: null,
      metrics: null,
      error: "it divided by zero",
      candles_processed: 0,
    });
    const server = service().on("GET", "/api/jobs/*/episodes/*", () => failed);
    show(ADDRESS);
    expect(await screen.findByText("It divided by zero")).toBeVisible();
    expect(screen.getByText("It came to candle 0 of 10,000.")).toBeVisible();
    expect(server.requests("GET", `/api${ADDRESS}/backtest`)).toHaveLength(0);
  });

  it("says where no trade was made", async () => {
    service().on("GET", "/api/jobs/*/episodes/*/backtest", () => ({
      ...BACKTEST,
      trades: [],
      total_trades: 0,
    }));
    show(ADDRESS);
    await waitFor(() => expect(screen.getByText("It made no trade with these parameters.")).toBeVisible());
  });
});
