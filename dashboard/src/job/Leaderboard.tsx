import { Button, Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useEpisodes } from "../api/episodes";
import type { Episode, Job } from "../api/types";
import { Failure } from "../parts/Failure";
import { metricLabel } from "../text/metrics";
import { count } from "../text/numbers";
import { LeaderboardRows } from "./LeaderboardRows";
import { metricsOf, ranked, serverSort, type Ranking } from "./ranking";
import classes from "./Leaderboard.module.css";

/** As many as the comparison takes. */
const MOST_COMPARED = 6;

/** A job's episodes, the best first; a million of them are read as they are scrolled to. */
export function Leaderboard({ job }: { readonly job: Job }) {
  const [ranking, setRanking] = useState<Ranking>("score");
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const episodes = useEpisodes(job.id, serverSort(ranking));
  const navigate = useNavigate();
  const loaded = episodes.data?.pages.flatMap((page) => page.episodes) ?? NONE;
  const metrics = metricsOf(loaded);
  const rows = ranked(loaded, ranking);
  const toggle = (number: number) =>
    setChosen((before) =>
      before.includes(number) ? before.filter((other) => other !== number) : [...before, number],
    );
  const compare = () =>
    void navigate({
      to: "/compare",
      search: { of: chosen.map((number) => `${job.id}:${number}`).join(",") },
    });
  return (
    <section className={`panel ${classes.board}`} aria-labelledby="episodes">
      <div className="row apart">
        <h2 id="episodes">
          Episodes <span className="dim number">({count(job.recorded_episodes)} ended)</span>
        </h2>
        <div className="row">
          <Select
            aria-label="Sort by"
            size="xs"
            value={typeof ranking === "string" ? ranking : `metric ${ranking.metric}`}
            onChange={(value) => setRanking(rankingOf(value ?? "score"))}
            data={[
              { value: "score", label: "Best score first" },
              { value: "number", label: "In their order" },
              ...metrics.map((name) => ({ value: `metric ${name}`, label: `By ${metricLabel(name)}` })),
            ]}
          />
          <Button disabled={chosen.length < 2} onClick={compare}>
            Compare {chosen.length > 0 ? count(chosen.length) : ""}
          </Button>
        </div>
      </div>
      {typeof ranking !== "string" && episodes.hasNextPage && (
        <p className="dim number">Sorted among the {count(loaded.length)} best by score that are loaded.</p>
      )}
      {episodes.error && !episodes.data && (
        <Failure
          what="The episodes cannot be read"
          error={episodes.error}
          retry={() => void episodes.refetch()}
        />
      )}
      {loaded.length === 0 ? (
        <p className="dim">No episode has ended yet.</p>
      ) : (
        <LeaderboardRows
          rows={rows}
          total={job.recorded_episodes}
          metrics={metrics}
          chosen={chosen}
          full={chosen.length >= MOST_COMPARED}
          toggle={toggle}
          more={() => {
            if (episodes.hasNextPage && !episodes.isFetching) void episodes.fetchNextPage();
          }}
        />
      )}
    </section>
  );
}

const NONE: readonly Episode[] = [];

function rankingOf(value: string): Ranking {
  if (value === "score" || value === "number") return value;
  return { metric: value.replace(/^metric /, "") };
}
