import { memo } from "react";
import type { Job } from "../api/types";
import classes from "./StateBadge.module.css";

type Tone = "live" | "good" | "bad" | "wait" | "idle";

const STATES: Readonly<Record<Job["state"], { readonly word: string; readonly tone: Tone }>> = {
  queued: { word: "Waiting", tone: "idle" },
  running: { word: "Running", tone: "live" },
  paused: { word: "Paused", tone: "wait" },
  completed: { word: "Completed", tone: "good" },
  failed: { word: "Failed", tone: "bad" },
  cancelled: { word: "Cancelled", tone: "idle" },
};

type Standing = Pick<Job, "state" | "request">;

/** Say in a word how a job stands, and what was asked of it. */
export function stateWord({ state, request }: Standing): string {
  if (state === "running" && request !== null) return request === "cancel" ? "Cancelling" : "Pausing";
  return STATES[state].word;
}

export function stateTone(state: Job["state"]): Tone {
  return STATES[state].tone;
}

/** A job's state as a word on its colour. */
export const StateBadge = memo(function StateBadge(standing: Standing) {
  return (
    <span className={classes.badge} data-tone={stateTone(standing.state)}>
      {stateWord(standing)}
    </span>
  );
});
