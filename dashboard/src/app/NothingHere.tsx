import { Link } from "@tanstack/react-router";

/** Shown at an address that no page has. */
export function NothingHere() {
  return (
    <div className="page">
      <h1>There is nothing here</h1>
      <p>
        The address leads to no page.{" "}
        <Link className="link" to="/">
          Show all jobs
        </Link>
      </p>
    </div>
  );
}
