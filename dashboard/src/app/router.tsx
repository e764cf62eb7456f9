import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import { Failure } from "../parts/Failure";
import { JobsPage } from "../jobs/JobsPage";
import { NothingHere } from "./NothingHere";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: NothingHere });

const jobs = createRoute({ getParentRoute: () => root, path: "/", component: JobsPage });

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$jobId",
  component: lazyRouteComponent(() => import("../job/JobPage"), "JobPage"),
});

const episode = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$jobId/episodes/$number",
  validateSearch: (search: Record<string, unknown>) => place(search, "trade"),
  component: lazyRouteComponent(() => import("../episode/EpisodePage"), "EpisodePage"),
});

const newJob = createRoute({
  getParentRoute: () => root,
  path: "/new",
  validateSearch: (search: Record<string, unknown>) => ({
    ...text(search, "like"),
    ...text(search, "strategy"),
    ...text(search, "data"),
  }),
  component: lazyRouteComponent(() => import("../new-job/NewJobPage"), "NewJobPage"),
});

const library = createRoute({
  getParentRoute: () => root,
  path: "/library",
  component: lazyRouteComponent(() => import("../library/LibraryPage"), "LibraryPage"),
});

const dataset = createRoute({
  getParentRoute: () => root,
  path: "/library/$name",
  component: lazyRouteComponent(() => import("../library/DatasetPage"), "DatasetPage"),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: "/compare",
  validateSearch: (search: Record<string, unknown>) => text(search, "of"),
  component: lazyRouteComponent(() => import("../compare/ComparePage"), "ComparePage"),
});

const routeTree = root.addChildren([jobs, job, episode, newJob, library, dataset, compare]);

/** Return a parameter of the address where it is a text, nothing where it is not. */
function text<Name extends string>(
  search: Record<string, unknown>,
  name: Name,
): Partial<Record<Name, string>> {
  const value = search[name];
  const known = typeof value === "string" && value !== "" ? { [name]: value } : {};
  return known as Partial<Record<Name, string>>;
}

/** Return a parameter of the address where it is a number from 1, nothing where it is not. */
function place<Name extends string>(
  search: Record<string, unknown>,
  name: Name,
): Partial<Record<Name, number>> {
  const value = search[name];
  const known = Number.isSafeInteger(value) && Number(value) >= 1 ? { [name]: value } : {};
  return known as Partial<Record<Name, number>>;
}

/** Make the router; tests give it a history of their own. */
export function makeRouter(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history && { history }),
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: ({ error }) => (
      <Failure what="This page has failed" error={error} retry={() => window.location.reload()} />
    ),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
