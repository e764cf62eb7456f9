import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { Refusal } from "../testing/FakeServer";
import { aJob } from "../testing/samples";
import { HEALTH, serviceWith } from "../testing/service";
import { expectAccessible } from "../testing/accessibility";
import { show } from "../testing/show";

describe("the shell", () => {
  it("says how to log in where the server does not know the browser, and goes on afterwards", async () => {
    const server = serviceWith([aJob()]);
    const closed = () => new Refusal(401, "no session");
    server.on("GET", "/api/jobs", closed).on("GET", "/api/health", closed);
    show("/");
    expect(await screen.findByRole("heading", { name: "Not logged in" })).toBeVisible();
    expect(screen.getByText("trad serve --link")).toBeVisible();
    serviceWith([aJob()]);
    await userEvent.click(screen.getByRole("button", { name: "I have logged in" }));
    expect(await screen.findByRole("article")).toBeVisible();
  });

  it("says that it is live, and since when it is not", async () => {
    serviceWith([]);
    const { sources } = show("/");
    await screen.findByText("No job yet");
    expect(screen.getByRole("status")).toHaveTextContent("Connecting");
    act(() => sources.at(-1)?.opens());
    expect(screen.getByRole("status")).toHaveTextContent("Live");
    act(() => sources.at(-1)?.drops());
    expect(screen.getByRole("status")).toHaveTextContent("Not connected");
    expect(screen.getByRole("alert")).toHaveTextContent("as it stood 0 s ago");
    // Said once: by the sentence, not by the word in the head as well.
    expect(screen.getByRole("status")).toHaveAttribute("aria-live", "off");
    act(() => sources.at(-1)?.opens());
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says what ails the database", async () => {
    const database = { ok: false, ailment: "the disk is full" };
    serviceWith([]).on("GET", "/api/health", () => ({ ...HEALTH, status: "ailing", database }));
    show("/");
    expect(await screen.findByRole("alert")).toHaveTextContent("The disk is full");
  });

  it("says that jobs wait because there is no worker", async () => {
    serviceWith([]).on("GET", "/api/health", () => ({
      ...HEALTH,
      workers: [],
      jobs: { ...HEALTH.jobs, queued: 2 },
    }));
    show("/");
    expect(await screen.findByText("No worker is running")).toBeVisible();
  });

  it("changes between light and dark", async () => {
    serviceWith([]);
    show("/");
    await userEvent.click(await screen.findByRole("button", { name: "Change to dark colours" }));
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark");
    await userEvent.click(screen.getByRole("button", { name: "Change to light colours" }));
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "light");
  });

  it("says that an address leads nowhere", async () => {
    serviceWith([]);
    show("/no/such/page");
    expect(await screen.findByRole("heading", { name: "There is nothing here" })).toBeVisible();
  });

  it("reads aloud that a job ended, and no numbers", async () => {
    serviceWith([aJob()]);
    const { sources, container } = show("/");
    await screen.findByRole("article");
    act(() => {
      sources.at(-1)?.opens();
      sources
        .at(-1)
        ?.sends("job", aJob({ state: "completed", progress: 100, changed_at: "2026-09-21T15:00:00.000Z" }));
    });
    const heard = container.querySelector("[aria-live=polite]");
    await waitFor(() => expect(heard).toHaveTextContent("The job of sma_cross is completed"));
    await expectAccessible(container);
  });
});
