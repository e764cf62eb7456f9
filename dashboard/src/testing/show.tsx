import { createMemoryHistory } from "@tanstack/react-router";
import { render, type RenderResult } from "@testing-library/react";
import { createDashboard, type Dashboard } from "../api/dashboard";
import { App } from "../app/App";
import { makeRouter } from "../app/router";
import { FakeSource } from "./FakeSource";

interface Shown extends RenderResult {
  readonly dashboard: Dashboard;
  readonly router: ReturnType<typeof makeRouter>;
  /** The other ends of the streams that the page opened, the newest last. */
  readonly sources: FakeSource[];
}

/** Show the whole dashboard at an address. */
export function show(address: string): Shown {
  const sources: FakeSource[] = [];
  const dashboard = createDashboard(() => {
    const source = new FakeSource();
    sources.push(source);
    return source;
  });
  const router = makeRouter(createMemoryHistory({ initialEntries: [address] }));
  return { ...render(<App dashboard={dashboard} router={router} />), dashboard, router, sources };
}
