import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { ask } from "./client";
import { JobCache } from "./events/cache";
import { connection } from "./events/connection";
import { EventStream, type Source } from "./events/stream";
import { Problem } from "./problem";

/** What the pages work with: the query cache, and what folds events into it. */
export interface Dashboard {
  readonly queries: QueryClient;
  readonly cache: JobCache;
  readonly stream: EventStream;
}

const MOST_TRIES = 2;

/** Make the parts that live as long as the browser's tab. */
export function createDashboard(open: () => Source = () => new EventSource("/api/events")): Dashboard {
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
  const stream = new EventStream({
    open,
    connection,
    receive: (events) => cache.receive(events),
    missed: () => void cache.missed(),
    refused: () => ask("GET", "/api/health"),
  });
  return { queries, cache, stream };
}

export const DashboardContext = createContext<Dashboard | null>(null);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === null) throw new Error("useDashboard needs a DashboardContext around it");
  return dashboard;
}
