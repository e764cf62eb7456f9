import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { SERIES } from "../charts/palette";
import { METRICS, metricLabel, metricValue } from "../text/metrics";
import { count, parameter, score } from "../text/numbers";
import { bestOfMetric, bestSides } from "./best";
import { nameOf, type Compared } from "./compared";
import { pickText, type Picked } from "./picks";
import { termTexts } from "../job/terms";
import classes from "./ComparePage.module.css";

/** Rows of words, which may be long. */
const TEXTS = new Set(["strategy", "data"]);

interface CompareTableProps {
  readonly compared: readonly Compared[];
  readonly remove: (pick: Picked) => void;
}

interface Row {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
  /** Which sides are the best. */
  readonly best?: readonly number[];
}

/** Everything side by side; where the sides differ the row says so. */
export function CompareTable({ compared, remove }: CompareTableProps) {
  const sameObjective = new Set(compared.map(({ job }) => job?.objective)).size === 1;
  const about: Row[] = [
    row("strategy", "Strategy", compared, ({ job }) => job?.strategy ?? "—"),
    row("objective", "Objective", compared, ({ job }) => (job ? metricLabel(job.objective) : "—")),
    {
      ...row("score", "Score", compared, ({ episode }) => score(episode?.score)),
      best: bestSides(compared.map(({ episode }) => (sameObjective ? episode?.score : null))),
    },
    row("optimizer", "Optimizer", compared, ({ job }) => job?.optimizer ?? "—"),
    row("seed", "Seed", compared, ({ job }) => (job ? String(job.seed) : "—")),
    row("episodes", "Episodes ended", compared, ({ job }) => count(job?.recorded_episodes)),
    row("data", "Data", compared, ({ job }) => job?.spec.data ?? "—"),
    row("candles", "Candles", compared, ({ job }) => count(job?.spec.candles)),
    row("fee", "Fee", compared, ({ job }) => parameter(job?.spec.fee)),
    row("slippage", "Slippage", compared, ({ job }) => parameter(job?.spec.slippage)),
    row("terms", "Terms", compared, ({ job }) => (job ? termTexts(job.spec).join(", ") || "—" : "—")),
  ];
  const params = namesIn(compared.map(({ episode }) => episode?.params)).map((name) =>
    row(name, name, compared, ({ episode }) => parameter(episode?.params[name])),
  );
  const sameData = new Set(compared.map(({ job }) => job?.spec.data_hash)).size === 1;
  const metrics = Object.keys(METRICS).map((name) => ({
    ...row(name, metricLabel(name), compared, ({ episode }) => metricValue(name, episode?.metrics?.[name])),
    // Candles of an hour and of a day do not compare.
    best:
      METRICS[name]?.kind === "candles" && !sameData
        ? []
        : bestOfMetric(
            name,
            compared.map(({ episode }) => episode?.metrics?.[name]),
          ),
  }));
  return (
    <section className="panel" aria-labelledby="sides">
      <h2 id="sides">Side by side</h2>
      <div className="tables" tabIndex={0} role="region" aria-label="All figures">
        <table className="plain">
          <thead>
            <tr>
              <td />
              {compared.map((one, place) => (
                <th key={pickText(one.pick)} scope="col" className="number">
                  <SideHead one={one} colour={SERIES[place] ?? ""} remove={remove} />
                </th>
              ))}
            </tr>
          </thead>
          <Rows title="What" rows={about} />
          <Rows title="Parameters" rows={params} />
          <Rows title="Metrics" rows={metrics} />
        </table>
      </div>
      <p className="dim">Rows in which the sides differ are marked with ≠, the best of a row with ★.</p>
    </section>
  );
}

interface SideHeadProps {
  readonly one: Compared;
  readonly colour: string;
  readonly remove: (pick: Picked) => void;
}

function SideHead({ one, colour, remove }: SideHeadProps) {
  const { jobId } = one.pick;
  const number = one.pick.number ?? one.episode?.number ?? null;
  return (
    <div className={classes.side}>
      <span className={classes.swatch} style={{ background: colour }} aria-hidden="true" />
      {number === null ? (
        <Link className="link name" to="/jobs/$jobId" params={{ jobId }}>
          {nameOf(one)}
        </Link>
      ) : (
        <Link
          className="link name"
          to="/jobs/$jobId/episodes/$number"
          params={{ jobId, number: String(number) }}
        >
          {nameOf(one)}
        </Link>
      )}
      <Button size="compact-xs" aria-label={`Take ${nameOf(one)} out`} onClick={() => remove(one.pick)}>
        ×
      </Button>
    </div>
  );
}

function Rows({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  return (
    <tbody>
      <tr>
        <th className={classes.group} colSpan={(rows[0]?.values.length ?? 0) + 1} scope="rowgroup">
          {title}
        </th>
      </tr>
      {rows.map(({ name, label, values, best = [] }) => {
        const differs = new Set(values).size > 1;
        return (
          <tr key={name} className={differs ? classes.differs : undefined}>
            <th scope="row" className="name">
              {label}
              {differs && <span aria-label=" (differs)"> ≠</span>}
            </th>
            {values.map((value, place) => (
              <td key={place} className={TEXTS.has(name) ? classes.text : "number"}>
                {value}
                <span className={classes.best}>
                  {best.includes(place) && (
                    <>
                      <span aria-hidden="true">★</span>
                      <span className={classes.said}> (the best)</span>
                    </>
                  )}
                </span>
              </td>
            ))}
          </tr>
        );
      })}
    </tbody>
  );
}

function row(
  name: string,
  label: string,
  compared: readonly Compared[],
  value: (one: Compared) => string,
): Row {
  return { name, label, values: compared.map(value) };
}

function namesIn(records: readonly (Readonly<Record<string, unknown>> | undefined)[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record ?? {})))];
}
