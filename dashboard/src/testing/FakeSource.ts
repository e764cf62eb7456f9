import type { Source } from "../api/events/stream";

type Listener = (event: MessageEvent<string>) => void;

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/** An event source whose other end is the test. */
export class FakeSource implements Source {
  readyState = CONNECTING;
  #lastId = "";
  readonly #listeners = new Map<string, Listener[]>();

  addEventListener(kind: string, listener: Listener): void {
    this.#listeners.set(kind, [...(this.#listeners.get(kind) ?? []), listener]);
  }

  close(): void {
    this.readyState = CLOSED;
  }

  /** The server took the connection. */
  opens(): void {
    this.readyState = OPEN;
    this.#tell("open", "");
  }

  /** The server sends an event. */
  sends(kind: string, data: unknown, id = ""): void {
    // As a browser does, which repeats the last id at events that have none.
    this.#lastId = id === "" ? this.#lastId : id;
    this.#tell(kind, JSON.stringify(data));
  }

  /** The connection breaks; the browser takes it up again. */
  drops(): void {
    this.readyState = CONNECTING;
    this.#tell("error", "");
  }

  /** The server answers with an error; the browser gives up. */
  refuses(): void {
    this.readyState = CLOSED;
    this.#tell("error", "");
  }

  #tell(kind: string, data: string): void {
    const event = new MessageEvent(kind, { data, lastEventId: this.#lastId });
    for (const listener of this.#listeners.get(kind) ?? []) listener(event);
  }
}
