import { Link } from "@tanstack/react-router";

/** What to do first, where there is no job yet. */
export function NoJobs() {
  return (
    <section className="panel">
      <h2>No job yet</h2>
      <p>
        A training job searches a strategy&apos;s parameters over candles.{" "}
        <Link className="link" to="/new">
          Make the first one
        </Link>
        , or train from a terminal; it shows up here while it runs:
      </p>
      <p>
        <code className="code">trad train sma_cross --data sample:minute --episodes 20</code>
      </p>
    </section>
  );
}
