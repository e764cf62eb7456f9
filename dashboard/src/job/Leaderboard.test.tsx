import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "../api/keys";
import { expectAccessible } from "../testing/accessibility";
import { aJob, anEpisode } from "../testing/samples";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";

const ID = aJob().id;
const PATH = `/api/jobs/${ID}/episodes`;
const LENGTH = 1800;
const ROW = 34;

vi.mock("../charts/EChart", () => ({
  EChart: ({ label }: { label: string }) => <div role="img" aria-label={label} />,
}));

beforeEach(() => {
  // Without a layout the virtual table would find that nothing is in sight.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(480);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(480);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(800);
});

/** A long job, whose cursors are numbers. */
function longJob() {
  const job = aJob({ recorded_episodes: LENGTH, total_episodes: LENGTH });
  return serviceWith([job]).on("GET", "/api/jobs/*/episodes", ({ query }) => {
    const [from, limit] = [Number(query.get("cursor") ?? 0), Number(query.get("limit"))];
    const numbers = Array.from({ length: limit }, (_, place) => from + place + 1);
    const last = from + limit >= LENGTH;
    return {
      episodes: numbers.filter((number) => number <= LENGTH).map((number) => anEpisode({ number })),
      cursor: last ? null : String(from + limit),
    };
  });
}

function table() {
  return screen.findByRole("table", { name: "Episodes" });
}

function numbers(inside: HTMLElement) {
  // By their roles it would take seconds.
  return [...inside.querySelectorAll("a")].map((link) => Number(link.textContent.replace(",", "")));
}

function scrollTo(row: number) {
  const view = screen.getByRole("group", { name: "Episodes, scrollable" });
  view.scrollTop = row * ROW;
  fireEvent.scroll(view);
}

describe("the leaderboard", () => {
  it("is sorted by the server, by a click on a head and by keys", async () => {
    const server = serviceWith([aJob()], [anEpisode()]);
    show(`/jobs/${ID}`);
    const user = userEvent.setup();
    const board = await table();
    const asked = () => server.requests("GET", PATH).at(-1)?.query.toString();
    const head = () => within(board).getByRole("columnheader", { name: /Max drawdown/ });
    expect(within(board).getByRole("columnheader", { name: /Score/ })).toHaveAttribute(
      "aria-sort",
      "descending",
    );
    await user.click(within(head()).getByRole("button"));
    await waitFor(() => expect(asked()).toBe("sort=metric&metric=max_drawdown&order=desc&limit=200"));
    await waitFor(() => expect(head()).toHaveAttribute("aria-sort", "descending"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(asked()).toBe("sort=metric&metric=max_drawdown&order=asc&limit=200"));
    await waitFor(() => expect(head()).toHaveAttribute("aria-sort", "ascending"));
    await user.click(within(board).getByRole("button", { name: /fast/ }));
    await waitFor(() => expect(asked()).toBe("sort=param&param=fast&order=asc&limit=200"));
  });

  it("shows the episodes of one state", async () => {
    const failed = anEpisode({ number: 2, state: "failed", score: null, metrics: null, error: "no" });
    serviceWith([aJob({ failed_episodes: 1 })], [anEpisode(), failed]);
    const { container } = show(`/jobs/${ID}`);
    const user = userEvent.setup();
    await table();
    await user.click(screen.getByRole("combobox", { name: "Show" }));
    await user.click(await screen.findByRole("option", { name: "Failed", hidden: true }));
    await waitFor(async () => expect(numbers(await table())).toEqual([2]));
    expect(await table()).toHaveAttribute("aria-rowcount", "2");
    await expectAccessible(container);
    await user.click(screen.getByRole("combobox", { name: "Show" }));
    await user.click(await screen.findByRole("option", { name: "Pruned", hidden: true }));
    expect(await screen.findByText("No episode is pruned.")).toBeVisible();
  });

  it("keeps some pages, however far it is scrolled, and leads back", async () => {
    longJob();
    const { dashboard } = show(`/jobs/${ID}`);
    const list = () =>
      dashboard.queries.getQueryData<{ pages: unknown[]; pageParams: { before: number }[] }>(
        keys.episodes(ID, "score desc"),
      );
    const board = await table();
    const see = (row: number) => waitFor(() => expect(numbers(board)).toContain(row + 1));
    const first = () => list()?.pageParams[0]?.before;
    for (let row = 190; row < LENGTH; row += 200) {
      scrollTo(row);
      await see(row);
      await waitFor(() => expect(dashboard.queries.isFetching()).toBe(0));
    }
    expect(list()?.pages).toHaveLength(6);
    expect(first()).toBe(3);
    scrollTo(620);
    await waitFor(() => expect(first()).toBe(2));
    await see(620);
    scrollTo(100);
    await see(100);
    expect(list()?.pages).toHaveLength(1);
    scrollTo(190);
    await waitFor(() => expect(list()?.pages).toHaveLength(2));
    scrollTo(0);
    await waitFor(() => expect(list()?.pages).toHaveLength(1));
    await see(0);
  });

  it("stands still while one looks further down, and follows the job at its top", async () => {
    const server = longJob();
    const { dashboard } = show(`/jobs/${ID}`);
    await table();
    const asked = () =>
      server.requests("GET", PATH).filter(({ query }) => query.get("limit") === "200").length;
    const news = () => act(() => dashboard.queries.invalidateQueries({ queryKey: keys.episodes(ID) }));
    await news();
    expect(asked()).toBe(2);
    scrollTo(190);
    await waitFor(() => expect(asked()).toBe(3));
    await news();
    expect(asked()).toBe(3);
    expect(screen.getByText(/stand still while you look further down/)).toBeVisible();
    scrollTo(0);
    await waitFor(() => expect(asked()).toBe(4));
    await news();
    expect(asked()).toBe(5);
  });
});
