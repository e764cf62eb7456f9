import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { ask } from "./client";
import { JobCache } from "./events/cache";
import { connection } from "./events/connection";
import { Gathering } from "./events/gathering";
import { SHARED, SharedStream, type Channel } from "./events/SharedStream";
import { EventStream, type LiveStream, type Source } from "./events/stream";
import type { Locks } from "./events/election";
import { Problem } from "./problem";
import { session } from "./session";
import { shareSession } from "./sharedSession";

/** What the pages work with: the query cache, and what folds events into it. */
export interface Dashboard {
  readonly queries: QueryClient;
  readonly cache: JobCache;
  readonly stream: LiveStream;
}

const MOST_TRIES = 2;

/** What joins the tabs of a browser. */
export interface Tabs {
  readonly locks: Locks;
  readonly join: () => Channel;
}

/** Return what joins this tab to the others, null where the browser has no locks for this page. */
export function tabsOfBrowser(): Tabs | null {
  // Missing where the page came over plain HTTP from another machine.
  const { locks } = navigator as { locks?: Locks };
  if (locks === undefined || !("BroadcastChannel" in window)) return null;
  return { locks, join: () => new BroadcastChannel(SHARED) };
}

/** Let the tabs of this browser know of each other's session. */
export function joinSession(): void {
  if ("BroadcastChannel" in window) {
    shareSession(session, new BroadcastChannel("trad-session"));
  }
}

/** Make the parts that live as long as the browser's tab. */
export function createDashboard(
  open: () => Source = () => new EventSource("/api/events"),
  tabs: Tabs | null = tabsOfBrowser(),
): Dashboard {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        // What the stream keeps fresh need not be asked for again.
        staleTime: Infinity,
        // A refusal stays one, however often it is asked for.
        retry: (tries, error) => tries < MOST_TRIES && !(error instanceof Problem && error.status < 500),
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  const cache = new JobCache(queries);
  const gathering = new Gathering((events) => cache.receive(events));
  const options = {
    open,
    connection,
    event: gathering.add,
    missed: () => void cache.missed(),
    refused: () => ask("GET", "/api/health"),
  };
  const stream = tabs === null ? new EventStream(options) : new SharedStream({ ...options, ...tabs });
  return { queries, cache, stream };
}

export const DashboardContext = createContext<Dashboard | null>(null);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === null) throw new Error("useDashboard needs a DashboardContext around it");
  return dashboard;
}
