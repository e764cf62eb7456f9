import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ComponentProps } from "react";
import { describe, expect, it, vi } from "vitest";
import type { CandleChart } from "../charts/CandleChart";
import { expectAccessible } from "../testing/accessibility";
import { Refusal } from "../testing/FakeServer";
import { DATASETS, serviceWith } from "../testing/service";
import { show } from "../testing/show";
import { WINDOW } from "../testing/window";

// A canvas is what jsdom does not have: what it draws is tested beside it.
vi.mock("../charts/CandleChart", () => ({
  CandleChart: ({ focus, beneath }: ComponentProps<typeof CandleChart>) => (
    <p>
      {beneath.kind} at {focus ? `${focus.start} to ${focus.stop}` : "all"}
    </p>
  ),
}));

const ADDRESS = "/library/sample:minute";
const GAP = { index: 12, start: "2020-01-06T00:12:00.000Z", stop: "2020-01-06T03:00:00.000Z", missing: 168 };

function service() {
  return serviceWith([])
    .on("GET", "/api/datasets", () => ({ datasets: DATASETS }))
    .on("GET", "/api/datasets/*/candles", () => ({ ...WINDOW, name: "sample:minute" }))
    .on("GET", "/api/datasets/*/gaps", () => ({
      name: "sample:minute",
      interval: "1m",
      gaps: 12,
      longest: [GAP],
    }));
}

describe("the page of a dataset", () => {
  it("shows its span, its candles, and gaps that lead to the chart", async () => {
    service();
    const { container } = show(ADDRESS);
    expect(await screen.findByText("volume at all")).toBeVisible();
    expect(await screen.findByText(/10,000 candles of 1m/)).toBeVisible();
    expect(await screen.findByText(/^The 1 longest/)).toBeVisible();
    expect(screen.getByText("168")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: /06 Jan 2020 00:12/ }));
    expect(screen.getByText("volume at -9 to 33")).toBeVisible();
    await expectAccessible(container);
  });

  it("says where there is no such dataset", async () => {
    service().on("GET", "/api/datasets/*/candles", () => new Refusal(404, "no data is called 'x'"));
    show("/library/x");
    expect(await screen.findByRole("alert")).toHaveTextContent("No data is called 'x'");
  });

  it("is reached from the list of data", async () => {
    service().on("GET", "/api/strategies", () => ({ strategies: [] }));
    const { router } = show("/library");
    await userEvent.click(await screen.findByRole("link", { name: "Look at it" }));
    expect(await screen.findByText("volume at all")).toBeVisible();
    expect(decodeURIComponent(router.state.location.pathname)).toBe(ADDRESS);
  });
});
