import type { EpisodeEvent, Job, JobRemoved, LogLine, Reset } from "../types";

export type StreamEvent =
  | { readonly kind: "job"; readonly data: Job | JobRemoved }
  | { readonly kind: "episode"; readonly data: EpisodeEvent }
  | { readonly kind: "log"; readonly data: LogLine }
  | { readonly kind: "reset"; readonly data: Reset };

export const KINDS = ["job", "episode", "log", "reset"] as const;

/** An event as it came over the wire, not read yet. */
export interface RawEvent {
  readonly kind: StreamEvent["kind"];
  readonly text: string;
  /** What the server named it; empty for snapshots, which have no name. */
  readonly id: string;
}

/** Read an event. */
export function readEvent({ kind, text }: RawEvent): StreamEvent {
  // The server wrote it from the same schema that the types were made of.
  return { kind, data: JSON.parse(text) as StreamEvent["data"] } as StreamEvent;
}
