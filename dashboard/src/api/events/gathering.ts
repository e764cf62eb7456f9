import { readEvent, type RawEvent, type StreamEvent } from "./wire";

const GATHER_MS = 50;
/** A tab in the background has its timers held back for up to a minute: not all of that is kept. */
const MOST = 500;

/** Fifty jobs that move at once would hold up a frame: they are handed on a few at a time. */
const FRAME_MS = 16;
const FEW = 8;

/** Gathers events that come at nearly the same time, so that the page is drawn once for a few of them. */
export class Gathering {
  readonly #receive: (events: readonly StreamEvent[]) => void;
  readonly #events: RawEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(receive: (events: readonly StreamEvent[]) => void) {
    this.#receive = receive;
  }

  readonly add = (event: RawEvent): void => {
    this.#events.push(event);
    if (this.#events.length >= MOST) this.#hand(MOST);
    else this.#timer ??= setTimeout(() => this.#next(), GATHER_MS);
  };

  /** Hand on a few, so many that all are through within eight frames. */
  #next(): void {
    this.#timer = null;
    const share = Math.ceil(this.#events.length / FEW);
    this.#hand(document.hidden ? MOST : Math.max(FEW, share));
    if (this.#events.length > 0) this.#timer = setTimeout(() => this.#next(), FRAME_MS);
  }

  #hand(most: number): void {
    const events = this.#events.splice(0, most);
    if (events.length > 0) this.#receive(events.map(readEvent));
  }
}
