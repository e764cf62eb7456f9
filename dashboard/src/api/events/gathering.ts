import { readEvent, type RawEvent, type StreamEvent } from "./wire";

const GATHER_MS = 50;
/** A tab in the background has its timers held back for up to a minute: not all of that is kept. */
const MOST = 500;

/** Gathers events that come at nearly the same time, so that the page is drawn once for all of them. */
export class Gathering {
  readonly #receive: (events: readonly StreamEvent[]) => void;
  #events: RawEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(receive: (events: readonly StreamEvent[]) => void) {
    this.#receive = receive;
  }

  readonly add = (event: RawEvent): void => {
    this.#events.push(event);
    if (this.#events.length >= MOST) this.#hand();
    else this.#timer ??= setTimeout(() => this.#hand(), GATHER_MS);
  };

  #hand(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const events = this.#events;
    this.#events = [];
    this.#receive(events.map(readEvent));
  }
}
