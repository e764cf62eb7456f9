import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ComponentProps } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CandleChart } from "../charts/CandleChart";
import { expectAccessible } from "../testing/accessibility";
import { Refusal } from "../testing/FakeServer";
import { aJob, anEpisode } from "../testing/samples";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";
import { TRADES, WINDOW } from "../testing/window";

// A canvas is what jsdom does not have: what it draws is tested beside it.
vi.mock("../charts/CandleChart", () => ({
  CandleChart: ({ chosen, focus, load }: ComponentProps<typeof CandleChart>) => (
    <button onClick={() => load({ start: 64, stop: 128 })}>
      chart at {focus ? `${focus.start} to ${focus.stop}, stop ${chosen?.stop_loss ?? "none"}` : "all"}
    </button>
  ),
}));

const ADDRESS = `/jobs/${aJob().id}/episodes/1`;

function service() {
  return serviceWith([aJob()])
    .on("GET", "/api/jobs/*/episodes/*", () => anEpisode())
    .on("GET", "/api/jobs/*/episodes/*/backtest/window", () => WINDOW)
    .on("GET", "/api/jobs/*/episodes/*/backtest/trades", ({ query }) => {
      const start = Number(query.get("start"));
      return { ...WINDOW, start, trades: TRADES.slice(start), total_trades: TRADES.length };
    });
}

// Nor does jsdom lay anything out: the table would have no room for rows.
beforeEach(() => {
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);
});
afterEach(() => void vi.restoreAllMocks());

describe("the episode page", () => {
  it("shows chart, metrics with their meaning, and trades that lead to the chart", async () => {
    service();
    const { container } = show(ADDRESS);
    expect(await screen.findByText("chart at all")).toBeVisible();
    expect(screen.getByText("-12.00%")).toBeVisible();
    expect(screen.getByText(/deepest fall of the equity/)).toBeVisible();
    expect(
      screen.getByText(/^Candles 1 to 30 of 30, .*, 8 to a bar; no high and no low is lost/),
    ).toBeVisible();
    const first = await screen.findByRole("row", { name: /95.50/ });
    expect(first).toHaveTextContent("110.00");
    const second = screen.getByRole("button", { name: "Show trade 2 on the chart" });
    await userEvent.click(second);
    expect(await screen.findByText("chart at -5 to 46, stop none")).toBeVisible();
    expect(second).toHaveAttribute("aria-pressed", "true");
    await expectAccessible(container);
  });

  it("opens at the trade that its address names", async () => {
    service();
    show(`${ADDRESS}?trade=1`);
    expect(await screen.findByText("chart at -18 to 33, stop 95.5")).toBeVisible();
    expect(screen.getByRole("button", { name: "Show trade 1 on the chart" })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
  });

  it("shows all where its address names a trade that there is not", async () => {
    service();
    show(`${ADDRESS}?trade=3`);
    expect(await screen.findByText("chart at all")).toBeVisible();
  });

  it("reads the window that the chart asks for, and keeps the one before until it is there", async () => {
    const server = service();
    show(ADDRESS);
    await userEvent.click(await screen.findByText("chart at all"));
    expect(screen.getByText("chart at all")).toBeVisible();
    const asked = server.requests("GET", `/api${ADDRESS}/backtest/window`);
    expect(asked.map(({ query }) => query.toString())).toEqual([
      "points=4000",
      "start=64&stop=128&points=4000",
    ]);
  });

  it("says why it cannot be drawn again", async () => {
    service().on(
      "GET",
      "/api/jobs/*/episodes/*/backtest/window",
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
    expect(server.requests("GET", `/api${ADDRESS}/backtest/window`)).toHaveLength(0);
  });

  it("says where no trade was made", async () => {
    service().on("GET", "/api/jobs/*/episodes/*/backtest/window", () => ({
      ...WINDOW,
      trades: [],
      touching: 0,
      total_trades: 0,
    }));
    show(ADDRESS);
    await waitFor(() => expect(screen.getByText("It made no trade with these parameters.")).toBeVisible());
  });
});
