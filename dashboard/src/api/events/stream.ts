import { serverNow } from "../clock";
import type { Signal } from "../signal";
import type { Connection } from "./connection";
import { KINDS, type RawEvent } from "./wire";

/** The part of `EventSource` that is used, so that tests can play the server. */
export interface Source {
  readonly readyState: number;
  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** What the pages may ask of the stream, whoever keeps it open. */
export interface LiveStream {
  start(): void;
  stop(): void;
  /** Open the stream anew, without waiting any longer. */
  restart(): void;
  /** Open the stream anew: it seems to be open, but the server cannot be reached. */
  suspect(): void;
}

export interface StreamOptions {
  readonly open: () => Source;
  readonly connection: Signal<Connection>;
  /** Takes each event at once, in their order. */
  readonly event: (event: RawEvent) => void;
  /** Events may be missing: what is kept must be read again. */
  readonly missed: () => void;
  /** The server refused the stream; asked before it is tried again. */
  readonly refused: () => Promise<unknown>;
}

const CLOSED = 2;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 10_000;

/**
 * Keeps one event source open and hands on what comes.
 *
 * A dropped connection is taken up by the browser itself, with the id of the last event, so that nothing
 * is lost. A refused one is opened anew here, after a while; then everything is read again.
 */
export class EventStream implements LiveStream {
  readonly #options: StreamOptions;
  #source: Source | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #retryMs = FIRST_RETRY_MS;
  #fresh = true;
  #lastId = "";

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
  }

  restart(): void {
    this.stop();
    this.#open();
  }

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
    this.#lastId = "";
    source.addEventListener("open", () => this.#opened(source));
    source.addEventListener("error", () => this.#failed(source));
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => this.#came(source, kind, event));
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

  #came(source: Source, kind: RawEvent["kind"], { data, lastEventId }: MessageEvent<string>): void {
    if (source !== this.#source) return;
    // The browser repeats the last id at events that have none.
    const id = lastEventId === this.#lastId ? "" : lastEventId;
    this.#lastId = lastEventId;
    this.#options.event({ kind, text: data, id });
  }
}
