import { useFailedEpisodes } from "../api/episodes";
import type { Job } from "../api/types";
import { Failure } from "../parts/Failure";
import { count, parameter } from "../text/numbers";
import { stageName } from "../text/stages";
import { visible } from "../text/visible";

/** The episodes of a job that failed, each with its cause; nothing where none did. */
export function FailedEpisodes({ job }: { readonly job: Pick<Job, "id" | "failed_episodes"> }) {
  return job.failed_episodes > 0 ? <FailedTable job={job} /> : null;
}

function FailedTable({ job }: { readonly job: Pick<Job, "id" | "failed_episodes"> }) {
  const failed = useFailedEpisodes(job.id);
  const rows = failed.data?.episodes ?? [];
  return (
    <section className="panel" aria-labelledby="failed">
      <h2 id="failed">Failed episodes ({count(job.failed_episodes)})</h2>
      {failed.error && <Failure what="They cannot be read" error={failed.error} />}
      <div className="tables" tabIndex={0} role="region" aria-label="All causes">
        <table className="plain">
          <thead>
            <tr>
              <th className="number">Episode</th>
              <th>Cause</th>
              <th>Where</th>
              <th>Parameters</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((episode) => (
              <tr key={episode.number}>
                <td className="number">{count(episode.number)}</td>
                <td className="name">{visible(episode.error ?? "No cause was given")}</td>
                <td className="number">
                  {stageName(episode.stage)} {count(episode.candles_processed)}/{count(episode.total_candles)}
                </td>
                <td className="name">
                  {Object.entries(episode.params)
                    .map(([name, value]) => `${name}=${parameter(value)}`)
                    .join("  ")}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {failed.data?.cursor && (
        <p className="dim number">
          These are the first {count(rows.length)}. The table of episodes shows the others: choose Failed
          there.
        </p>
      )}
    </section>
  );
}
