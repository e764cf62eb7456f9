import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { expectAccessible } from "../testing/accessibility";
import { Refusal, type FakeServer } from "../testing/FakeServer";
import { aJob } from "../testing/samples";
import { DATASETS, serviceWith, STRATEGIES } from "../testing/service";
import { show } from "../testing/show";

function service(): FakeServer {
  return serviceWith([aJob()])
    .on("GET", "/api/strategies", () => ({ strategies: STRATEGIES }))
    .on("GET", "/api/datasets", () => ({ datasets: DATASETS }));
}

const ADDRESS = "/new?strategy=sma_cross&data=sample:minute";

describe("the form", () => {
  it("is filled with the strategy's ranges, and makes the job", async () => {
    const server = service().on("POST", "/api/jobs", () => aJob());
    const { router } = show(ADDRESS);
    const user = userEvent.setup();
    expect(await screen.findByLabelText("fast: low")).toHaveValue("5");
    expect(screen.getByText("Trades the cross of two averages.")).toBeVisible();
    expect(screen.getByText(/10,000 candles of 1m/)).toBeVisible();
    await user.clear(screen.getByLabelText("fast: high"));
    await user.type(screen.getByLabelText("fast: high"), "20");
    await user.click(screen.getByRole("button", { name: "Start the job" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/jobs/6n2k4d8q0w3r5t7x"));
    const [asked] = server.requests("POST", "/api/jobs");
    expect(asked?.body).toMatchObject({
      strategy: "sma_cross",
      params: { fast: { low: 5, high: 20, step: 1 } },
    });
    expect(asked?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
  });

  it("says beside a field what is wrong, as it is typed", async () => {
    const server = service();
    show(ADDRESS);
    const user = userEvent.setup();
    const low = await screen.findByLabelText("fast: low");
    await user.clear(low);
    expect(await screen.findByText("Each end is a whole number from 5 to 50")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Start the job" }));
    expect(screen.getByText("Some fields above need another value.")).toBeVisible();
    expect(server.requests("POST", "/api/jobs")).toHaveLength(0);
  });

  it("sends what could not be sent again under the same key, and another request under another", async () => {
    let answers = 0;
    const server = service().on("POST", "/api/jobs", () => {
      answers += 1;
      return new Refusal(422, "body.seed was 7: too small", [
        { field: "body.seed", rule: "larger", value: 7 },
      ]);
    });
    show(ADDRESS);
    const user = userEvent.setup();
    const start = await screen.findByRole("button", { name: "Start the job" });
    await user.click(start);
    expect(await screen.findByText("Larger")).toBeVisible();
    await user.click(start);
    await waitFor(() => expect(answers).toBe(2));
    await user.type(screen.getByLabelText("Seed"), "1");
    await user.click(start);
    await waitFor(() => expect(answers).toBe(3));
    const keys = server.requests("POST", "/api/jobs").map((asked) => asked.headers.get("Idempotency-Key"));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  it("goes to the first wrong field, also where the server found it", async () => {
    service().on(
      "POST",
      "/api/jobs",
      () => new Refusal(422, "refused", [{ field: "body.position_size", rule: "too large", value: 9 }]),
    );
    show(ADDRESS);
    const user = userEvent.setup();
    const low = await screen.findByLabelText("fast: low");
    await user.clear(low);
    await user.click(screen.getByRole("button", { name: "Start the job" }));
    await waitFor(() => expect(low).toHaveFocus());
    await user.type(low, "5");
    await user.click(screen.getByRole("button", { name: "Start the job" }));
    // It stands in a section that was closed.
    await waitFor(() => expect(screen.getByLabelText("Position size")).toHaveFocus());
    expect(screen.getByText("Too large")).toBeVisible();
    await user.type(low, "0");
    expect(screen.queryByText("Too large")).toBeNull();
    expect(screen.getByLabelText("Position size")).toBeVisible();
  });

  it("makes one job of a double click", async () => {
    const server = service().on("POST", "/api/jobs", () => aJob());
    const { router } = show(ADDRESS);
    const user = userEvent.setup();
    await user.dblClick(await screen.findByRole("button", { name: "Start the job" }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^.jobs/));
    const keys = server.requests("POST", "/api/jobs").map((asked) => asked.headers.get("Idempotency-Key"));
    expect(new Set(keys).size).toBe(1);
  });

  it("tells all that the author wrote", async () => {
    service();
    show(ADDRESS);
    await userEvent.setup().click(await screen.findByText("All that its author wrote"));
    expect(screen.getByText(/Rules:\s+- Buy above\./)).toBeVisible();
  });

  it("says why a strategy cannot be used, and sends nothing", async () => {
    const server = service();
    show("/new?strategy=broken&data=sample:minute");
    const user = userEvent.setup();
    expect(await screen.findByText("Line 3: invalid syntax")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Start the job" }));
    expect(screen.getByText("This one cannot be used; choose another one")).toBeVisible();
    expect(server.requests("POST", "/api/jobs")).toHaveLength(0);
  });

  it("begins like another job", async () => {
    service();
    show("/new?like=6n2k4d8q0w3r5t7x");
    expect(await screen.findByLabelText("Seed")).toHaveValue("7");
    expect(screen.getByLabelText("Episodes")).toHaveValue("20");
    expect(screen.getByLabelText("slow: value")).toHaveValue("60");
  });

  it("can be filled by those who do not see it", async () => {
    service();
    const { container } = show(ADDRESS);
    await screen.findByLabelText("fast: low");
    await expectAccessible(container);
  });
});

describe("the library", () => {
  it("shows data and strategies, and why some cannot be used", async () => {
    service();
    const { container } = show("/library");
    expect(await screen.findByText(/12 gaps, synthetic/)).toBeVisible();
    expect(screen.getByText("5 to 50, steps of 1")).toBeVisible();
    expect(await screen.findByText("Line 3: invalid syntax")).toBeVisible();
    expect(screen.getAllByRole("link", { name: "Train it" })).toHaveLength(1);
    await expectAccessible(container);
  });
});
