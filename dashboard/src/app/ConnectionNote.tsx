import { Button } from "@mantine/core";
import { connection } from "../api/events/connection";
import { useDashboard } from "../api/dashboard";
import { useSignal } from "../api/signal";
import { useNow } from "../parts/now";
import { duration } from "../text/times";
import classes from "./ConnectionNote.module.css";

/** In the page's head: whether what is shown is live. */
export function ConnectionNote() {
  const { phase } = useSignal(connection);
  const words = { connecting: "Connecting", live: "Live", lost: "Not connected" }[phase];
  // That it is lost is said by the sentence above the page: once is enough.
  const heard = phase === "lost" ? "off" : undefined;
  return (
    <span className={classes.note} data-phase={phase} role="status" aria-live={heard}>
      {words}
    </span>
  );
}

/** Above the page: since when nothing came, and that it goes on by itself. */
export function ConnectionLost() {
  const { phase } = useSignal(connection);
  return phase === "lost" ? <Lost /> : null;
}

function Lost() {
  const state = useSignal(connection);
  const { stream } = useDashboard();
  const now = useNow();
  if (state.phase !== "lost") return null;
  return (
    <div className={classes.lost} role="alert">
      <span>
        <strong>The connection to the server is lost.</strong> It is taken up again by itself; nothing is
        lost. What you see is as it stood {/* Counts up each second: to be read, not to be heard. */}
        <span className="number" aria-live="off">
          {duration((now - state.since) / 1000)}
        </span>{" "}
        ago.
      </span>
      <Button onClick={() => stream.restart()}>Try now</Button>
    </div>
  );
}
