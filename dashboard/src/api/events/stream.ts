import type { EpisodeEvent, Job, JobRemoved, LogLine, Reset } from "../types";
import { serverNow } from "../clock";
import type { Signal } from "../signal";
import type { Connection } from "./connection";

export type StreamEvent =
  | { readonly kind: "job"; readonly data: Job | JobRemoved }
  | { readonly kind: "episode"; readonly data: EpisodeEvent }
  | { readonly kind: "log"; readonly data: LogLine }
  | { readonly kind: "reset"; readonly data: Reset };

const KINDS = ["job", "episode", "log", "reset"] as const;

/** The part of `EventSource` that is used, so that tests can play the server. */
export interface Source {
  readonly readyState: number;
  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface StreamOptions {
  readonly open: () => Source;
  readonly connection: Signal<Connection>;
  /** Takes events in their order, several at a time. */
  readonly receive: (events: readonly StreamEvent[]) => void;
  /** Events may be missing: what is kept must be read again. */
  readonly missed: () => void;
  /** The server refused the stream; asked before it is tried again. */
  readonly refused: () => Promise<unknown>;
}

const CLOSED = 2;
const GATHER_MS = 50;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 10_000;

/**
 * Keeps one event source open and hands on what comes.
 *
 * A dropped connection is taken up by the browser itself, with the id of the last event, so that nothing
 * is lost. A refused one is opened anew here, after a while; then everything is read again.
 */
export class EventStream {
  readonly #options: StreamOptions;
  #source: Source | null = null;
  #gathered: StreamEvent[] = [];
  #flush: ReturnType<typeof setTimeout> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #retryMs = FIRST_RETRY_MS;
  #fresh = true;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#source === null) this.#open();
  }

  stop(): void {
    this.#source?.close();
    this.#source = null;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#hand();
  }

  /** Open the stream anew, without waiting any longer. */
  restart(): void {
    this.stop();
    this.#open();
  }

  /** Open the stream anew: it seems to be open, but the server cannot be reached. */
  suspect(): void {
    if (this.#options.connection.get().phase !== "live") return;
    this.#source?.close();
    this.#lost();
    this.#again();
  }

  #open(): void {
    const source = this.#options.open();
    this.#source = source;
    this.#fresh = true;
    source.addEventListener("open", () => this.#opened(source));
    source.addEventListener("error", () => this.#failed(source));
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => this.#gather(source, kind, event.data));
    }
  }

  #opened(source: Source): void {
    if (source !== this.#source) return;
    this.#retryMs = FIRST_RETRY_MS;
    this.#options.connection.set({ phase: "live" });
    if (this.#fresh) this.#options.missed();
    this.#fresh = false;
  }

  #failed(source: Source): void {
    if (source !== this.#source) return;
    this.#lost();
    if (source.readyState !== CLOSED) return;
    void this.#options.refused().catch(() => undefined);
    this.#again();
  }

  #lost(): void {
    if (this.#options.connection.get().phase === "lost") return;
    this.#options.connection.set({ phase: "lost", since: serverNow() });
  }

  #again(): void {
    if (this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#source?.close();
      this.#open();
    }, this.#retryMs);
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2);
  }

  #gather(source: Source, kind: StreamEvent["kind"], text: string): void {
    if (source !== this.#source) return;
    // The server wrote it from the same schema that the types were made of.
    const data = JSON.parse(text) as StreamEvent["data"];
    this.#gathered.push({ kind, data } as StreamEvent);
    this.#flush ??= setTimeout(() => this.#hand(), GATHER_MS);
  }

  #hand(): void {
    if (this.#flush !== null) clearTimeout(this.#flush);
    this.#flush = null;
    const events = this.#gathered;
    this.#gathered = [];
    if (events.length > 0) this.#options.receive(events);
  }
}
