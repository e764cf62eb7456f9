import { Link } from "@tanstack/react-router";
import { useDatasets, useStrategies } from "../api/service";
import type { Dataset, Parameter, Strategy } from "../api/types";
import { Failure } from "../parts/Failure";
import { Notice } from "../parts/Notice";
import { Prose } from "../parts/Prose";
import { parameter as written } from "../text/numbers";
import { visible } from "../text/visible";
import { DatasetFacts } from "./DatasetFacts";
import classes from "./LibraryPage.module.css";

/** What can be trained, and on what. */
export function LibraryPage() {
  const datasets = useDatasets();
  const strategies = useStrategies();
  return (
    <div className="page">
      <h1>Data and strategies</h1>
      <section aria-labelledby="datasets" className={classes.section}>
        <h2 id="datasets">Data</h2>
        {datasets.error && !datasets.data && (
          <Failure
            what="The data cannot be read"
            error={datasets.error}
            retry={() => void datasets.refetch()}
          />
        )}
        {datasets.isPending && <p className="dim">Reading the data …</p>}
        <div className={classes.grid}>
          {datasets.data?.map((dataset) => (
            <DatasetCard key={dataset.name} dataset={dataset} />
          ))}
        </div>
        <p className="dim">
          More with <code className="code">trad data import FILE</code>.
        </p>
      </section>
      <section aria-labelledby="strategies" className={classes.section}>
        <h2 id="strategies">Strategies</h2>
        {strategies.error && !strategies.data && (
          <Failure
            what="The strategies cannot be read"
            error={strategies.error}
            retry={() => void strategies.refetch()}
          />
        )}
        {strategies.isPending && <p className="dim">Reading the strategies …</p>}
        <div className={classes.grid}>
          {strategies.data?.map((strategy) => (
            <StrategyCard key={`${strategy.kind} ${strategy.name}`} strategy={strategy} />
          ))}
        </div>
        <p className="dim">
          Your own belong into the folder <code className="code">strategies</code> of Trad&apos;s home, a
          Python file each.
        </p>
      </section>
      <p className="dim">
        This dashboard contains{" "}
        <a className="link" href="/licenses.txt">
          packages of others, under their licences
        </a>
        .
      </p>
    </div>
  );
}

function DatasetCard({ dataset }: { readonly dataset: Dataset }) {
  return (
    <article className={`panel ${classes.card}`}>
      <h3 className="name">{dataset.name}</h3>
      <DatasetFacts dataset={dataset} />
      {dataset.error === null && (
        <p className="row">
          <Link className="link" to="/library/$name" params={{ name: dataset.name }}>
            Look at it
          </Link>
          <Link className="link" to="/new" search={{ data: dataset.name }}>
            Train on it
          </Link>
        </p>
      )}
    </article>
  );
}

function StrategyCard({ strategy }: { readonly strategy: Strategy }) {
  return (
    <article className={`panel ${classes.card}`}>
      <h3 className="name">{strategy.name}</h3>
      <p className="dim name">
        {strategy.kind === "built-in" ? "Comes with Trad" : `From ${strategy.source}`}
      </p>
      <p className="name">{visible(strategy.docs)}</p>
      {strategy.parameters.length > 0 && (
        <div className="tables" tabIndex={0} role="region" aria-label={`Parameters of ${strategy.name}`}>
          <table className="plain">
            <thead>
              <tr>
                <th>Parameter</th>
                <th className="number">Usual</th>
                <th>May be</th>
              </tr>
            </thead>
            <tbody>
              {strategy.parameters.map((parameter) => (
                <tr key={parameter.name}>
                  <td className="name">{parameter.name}</td>
                  <td className="number">{written(parameter.default)}</td>
                  <td className="name">{rangeText(parameter)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {strategy.error === null ? (
        <Link className="link" to="/new" search={{ strategy: strategy.name }}>
          Train it
        </Link>
      ) : (
        <Notice>
          <Prose text={strategy.error} />
        </Notice>
      )}
    </article>
  );
}

/** Write what a parameter may be. */
export function rangeText(parameter: Parameter): string {
  if (parameter.choices !== null) return parameter.choices.map(written).join(", ");
  const step = parameter.step === null ? "" : `, steps of ${written(parameter.step)}`;
  return `${written(parameter.low)} to ${written(parameter.high)}${step}${parameter.log ? ", log scale" : ""}`;
}
