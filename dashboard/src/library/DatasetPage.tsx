import { Link, useParams } from "@tanstack/react-router";
import { Suspense, useMemo, useState } from "react";
import { useDatasets } from "../api/service";
import { useDatasetWindow, type Span } from "../api/windows";
import { BarsNote } from "../charts/BarsNote";
import { LazyCandleChart } from "../charts/LazyCandleChart";
import { volumeOf } from "../charts/series";
import { around } from "../charts/spans";
import type { DatasetWindow, PlacedTrade } from "../api/types";
import { Failure } from "../parts/Failure";
import { DatasetFacts } from "./DatasetFacts";
import { GapsPanel } from "./GapsPanel";
import classes from "./LibraryPage.module.css";

const NO_TRADES: readonly PlacedTrade[] = [];

/** One dataset: its span, its candles, its gaps. */
export function DatasetPage() {
  const { name } = useParams({ from: "/library/$name" });
  // Another dataset begins anew: its candles have other places.
  return <Shown key={name} name={name} />;
}

function Shown({ name }: { readonly name: string }) {
  const listed = useDatasets().data?.find((dataset) => dataset.name === name);
  const [span, setSpan] = useState<Span | null>(null);
  const [focus, setFocus] = useState<Span | null>(null);
  const { data, error, refetch } = useDatasetWindow(name, span);
  const show = (index: number) => {
    document.getElementById("chart")?.scrollIntoView({ block: "nearest" });
    setFocus(around({ start: index - 1, stop: index + 1 }));
  };
  return (
    <div className="page">
      <p>
        <Link className="link" to="/library">
          ← Data and strategies
        </Link>
      </p>
      <h1 className="name">{name}</h1>
      {listed && <DatasetFacts dataset={listed} />}
      {listed?.error === null && (
        <p>
          <Link className="link" to="/new" search={{ data: name }}>
            Train on it
          </Link>
        </p>
      )}
      <section className={`panel ${classes.chart}`} id="chart" aria-label="Chart">
        {error && <Failure what="It cannot be drawn" error={error} retry={() => void refetch()} />}
        {!data && !error && <p className="dim">Reading the candles …</p>}
        {data && <ChartOf window={data} focus={focus} load={setSpan} />}
      </section>
      {data && <GapsPanel name={name} show={show} />}
    </div>
  );
}

interface ChartOfProps {
  readonly window: DatasetWindow;
  readonly focus: Span | null;
  readonly load: (span: Span) => void;
}

function ChartOf({ window, focus, load }: ChartOfProps) {
  const beneath = useMemo(() => volumeOf(window), [window]);
  return (
    <Suspense fallback={<p className="dim">Drawing …</p>}>
      <LazyCandleChart
        window={window}
        beneath={beneath}
        trades={NO_TRADES}
        chosen={null}
        focus={focus}
        load={load}
        label={`Candles of ${window.name}, volume beneath`}
      />
      <BarsNote window={window} />
    </Suspense>
  );
}
