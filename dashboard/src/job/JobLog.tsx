import { useQuery } from "@tanstack/react-query";
import { keys } from "../api/keys";
import type { LogLine } from "../api/types";
import { clock } from "../text/times";
import { Prose } from "../parts/Prose";
import classes from "./JobLog.module.css";

/** What the service said of a job since this page was opened, the newest first. */
export function JobLog({ id }: { readonly id: string }) {
  // The stream alone writes it: there is nothing to ask for.
  const { data: lines = NONE } = useQuery<readonly LogLine[]>({
    queryKey: keys.log(id),
    queryFn: () => NONE,
    enabled: false,
  });
  return (
    <section className="panel" aria-labelledby="log">
      <h2 id="log">Log</h2>
      {lines.length === 0 ? (
        <p className="dim">Nothing was said since this page was opened.</p>
      ) : (
        <ol className={classes.lines} tabIndex={0} aria-labelledby="log">
          {[...lines].reverse().map((line, place) => (
            <li key={lines.length - place} data-level={line.level}>
              <time className="number dim" dateTime={line.time}>
                {clock(line.time)}
              </time>{" "}
              <Prose text={line.message} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const NONE: readonly LogLine[] = [];
