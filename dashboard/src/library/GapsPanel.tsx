import { useGaps } from "../api/windows";
import { Failure } from "../parts/Failure";
import { count } from "../text/numbers";
import { candleTime } from "../text/times";
import classes from "./LibraryPage.module.css";

interface GapsPanelProps {
  readonly name: string;
  /** Shows the place before a candle on the chart. */
  readonly show: (index: number) => void;
}

/** The longest gaps of a dataset, each a button that shows it on the chart. */
export function GapsPanel({ name, show }: GapsPanelProps) {
  const { data, error, refetch } = useGaps(name);
  return (
    <section className="panel" aria-labelledby="gaps">
      <h2 id="gaps">
        Gaps <span className="dim number">({count(data?.gaps)})</span>
      </h2>
      {error && <Failure what="The gaps cannot be read" error={error} retry={() => void refetch()} />}
      {data?.gaps === 0 && <p className="dim">No candle is missing.</p>}
      {data && data.gaps > data.longest.length && (
        <p className="dim number">
          The {count(data.longest.length)} longest. Where a market closes, as over weekends, a gap is no
          fault.
        </p>
      )}
      {data && data.gaps > 0 && (
        <div className="tables" tabIndex={0} role="region" aria-label="The longest gaps">
          <table className="plain">
            <thead>
              <tr>
                <th>First missing, UTC</th>
                <th>Next candle, UTC</th>
                <th className="number">Candles missing</th>
              </tr>
            </thead>
            <tbody>
              {data.longest.map(({ index, start, stop, missing }) => (
                <tr key={index}>
                  <td>
                    <button type="button" className={classes.pick} onClick={() => show(index)}>
                      {candleTime(Date.parse(start))}
                    </button>
                  </td>
                  <td>{candleTime(Date.parse(stop))}</td>
                  <td className="number">{count(missing)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
