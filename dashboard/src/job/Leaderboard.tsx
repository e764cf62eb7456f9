import { Button, Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { BEST_FIRST, useEpisodes, useEpisodePlaces, PAGE } from "../api/episodes";
import { orderText } from "../api/keys";
import type { EpisodeState, Job } from "../api/types";
import { MOST } from "../compare/picks";
import { Failure } from "../parts/Failure";
import { count } from "../text/numbers";
import { LeaderboardHead } from "./LeaderboardHead";
import { AHEAD, LeaderboardRows } from "./LeaderboardRows";
import { metricsOf, sortedBy } from "./order";
import { searches } from "./space";
import classes from "./Leaderboard.module.css";

type Filter = EpisodeState | "all";

const FILTERS: { value: Filter; label: string }[] = [
  { value: "all", label: "All states" },
  { value: "completed", label: "Completed" },
  { value: "failed", label: "Failed" },
  { value: "pruned", label: "Pruned" },
  { value: "cancelled", label: "Cancelled" },
];

/** A job's episodes in any order; a million of them are read as they are scrolled to. */
export function Leaderboard({ job }: { readonly job: Job }) {
  const [order, setOrder] = useState(BEST_FIRST);
  const [filter, setFilter] = useState<Filter>("all");
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const { episodes, rows, base, seen, first } = useRows(job.id, order, filter);
  const navigate = useNavigate();
  const toggle = (number: number) =>
    setChosen((before) =>
      before.includes(number) ? before.filter((other) => other !== number) : [...before, number],
    );
  const compare = () =>
    void navigate({
      to: "/compare",
      search: { of: chosen.map((number) => `${job.id}:${number}`).join(",") },
    });
  const params = searches(job.spec.space).map(([name]) => name);
  const metrics = metricsOf(rows);
  return (
    <section className={`panel ${classes.board}`} aria-labelledby="episodes">
      <div className="row apart">
        <h2 id="episodes">
          Episodes <span className="dim number">({count(job.recorded_episodes)} ended)</span>
        </h2>
        <div className="row">
          <Select
            aria-label="Show"
            size="xs"
            allowDeselect={false}
            value={filter}
            onChange={(value) => setFilter(value ?? "all")}
            data={FILTERS}
          />
          <Button disabled={chosen.length < 2} onClick={compare}>
            Compare {chosen.length > 0 ? count(chosen.length) : ""}
          </Button>
        </div>
      </div>
      {episodes.error && (
        <Failure
          what="The episodes cannot be read"
          error={episodes.error}
          retry={() => void episodes.refetch()}
        />
      )}
      {rows.length === 0 && base === 0 ? (
        <p className="dim">{emptiness(episodes.isPending, filter)}</p>
      ) : (
        <>
          <LeaderboardRows
            rows={rows}
            base={base}
            total={rowCount(job, filter)}
            order={episodes.isPlaceholderData ? "" : `${orderText(order)} ${filter}`}
            params={params}
            metrics={metrics}
            chosen={chosen}
            full={chosen.length >= MOST}
            toggle={toggle}
            seen={seen}
          >
            <LeaderboardHead
              params={params}
              metrics={metrics}
              order={order}
              sort={(column) => setOrder(sortedBy(column, order))}
            />
          </LeaderboardRows>
          <div className={classes.foot} aria-live="polite">
            {episodes.isPlaceholderData ? "Sorting …" : standing(job, episodes.data?.pages.length ?? 0)}
            {base > 0 && (
              <Button size="compact-xs" onClick={first}>
                Back to the first
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** The rows that are loaded, and what loads others as they come into sight. */
function useRows(id: string, order: typeof BEST_FIRST, filter: Filter) {
  const episodes = useEpisodes(id, order, filter);
  const go = useEpisodePlaces(id, order, filter);
  const { data, isError, isFetching, isPlaceholderData } = episodes;
  const rows = data?.pages.flatMap((page) => page.episodes) ?? [];
  const base = (data?.pageParams[0]?.before ?? 0) * PAGE;
  const seen = (first: number, last: number) => {
    // What failed is tried again when the user says so, not by every look at the rows.
    if (isFetching || isError || isPlaceholderData || data === undefined) return;
    const page = Math.floor(first / PAGE);
    if (first < base - PAGE) go(page);
    else if (first < base + AHEAD && base > 0) void episodes.fetchPreviousPage();
    else if (last >= base + rows.length - AHEAD && episodes.hasNextPage) void episodes.fetchNextPage();
    // Back at the top it follows the episodes that end once more.
    else if (first === 0 && data.pages.length > 1) go(0);
  };
  return { episodes, rows, base, seen, first: () => go(0) };
}

function rowCount(job: Job, filter: Filter): number {
  switch (filter) {
    case "all":
      return job.recorded_episodes + 1;
    case "completed":
      return job.completed_episodes + 1;
    case "failed":
      return job.failed_episodes + 1;
    default:
      return -1;
  }
}

function emptiness(pending: boolean, filter: Filter): string {
  if (pending) return "Reading the episodes …";
  return filter === "all" ? "No episode has ended yet." : `No episode is ${filter}.`;
}

function standing(job: Job, pages: number): string {
  if (job.state !== "running") return "";
  return pages > 1
    ? "The rows stand still while you look further down; at the top they follow the job."
    : "The rows follow the job, once a second.";
}
