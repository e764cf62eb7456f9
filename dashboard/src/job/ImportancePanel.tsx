import { useImportances } from "../api/episodes";
import { Failure } from "../parts/Failure";
import { Prose } from "../parts/Prose";
import { count, share } from "../text/numbers";
import classes from "./ImportancePanel.module.css";

/** Of so many episodes each further one changes little: importances are asked for in steps. */
function step(recorded: number): number {
  const size = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, recorded))) - 1);
  return Math.floor(recorded / (5 * size)) * 5 * size || recorded;
}

/** How much each searched parameter had to do with the best scores. */
export function ImportancePanel({ id, recorded }: { readonly id: string; readonly recorded: number }) {
  const { data, error } = useImportances(id, step(recorded));
  return (
    <section className="panel" aria-labelledby="importances">
      <h2 id="importances">What mattered</h2>
      {error && <Failure what="The importances cannot be read" error={error} />}
      {data?.importances ? (
        <>
          <ul className={classes.bars}>
            {data.importances.map(({ name, importance }) => (
              <li key={name}>
                <span className="name">{name}</span>
                <span className={classes.track} aria-hidden="true">
                  <span className={classes.bar} style={{ width: `${importance * 100}%` }} />
                </span>
                <span className="number">{share(importance, 1)}</span>
              </li>
            ))}
          </ul>
          <p className="dim number">
            What the best tenth of {count(data.episodes)} episodes chose unlike the others.
          </p>
        </>
      ) : (
        <p className="dim">{data?.reason ? <Prose text={data.reason} /> : "Not known yet."}</p>
      )}
    </section>
  );
}
