import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { serviceWith } from "../testing/service";
import { show } from "../testing/show";

it("names the document after the page, and leaves the focus alone when it loads", async () => {
  serviceWith([]);
  show("/");
  await screen.findByRole("heading", { name: "Jobs" });
  await waitFor(() => expect(document.title).toBe("Jobs - Trad"));
  expect(document.body).toHaveFocus();
});

it("moves the focus to the heading of a page that one goes to", async () => {
  serviceWith([]);
  const { router } = show("/");
  await userEvent.click(await screen.findByRole("link", { name: "Compare" }));
  const heading = await screen.findByRole("heading", { level: 1, name: /compare/i });
  await waitFor(() => expect(heading).toHaveFocus());
  expect(document.title).toMatch(/compare.* - Trad/i);
  await act(() => router.navigate({ to: "/" }));
  await waitFor(() => expect(screen.getByRole("heading", { name: "Jobs" })).toHaveFocus());
  expect(document.title).toBe("Jobs - Trad");
});
