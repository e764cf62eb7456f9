import type { Locks } from "../api/events/election";

interface Asked {
  readonly granted: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** One lock of a browser, for which any number of its tabs stand in line. */
export class FakeLock {
  #holder: Asked | null = null;
  #line: Asked[] = [];

  /** What a tab sees of it. */
  locks(): Locks {
    return { request: (_, options, granted) => this.#request(options, granted) };
  }

  #request({ steal = false, signal }: LockOptions, granted: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked = { granted, resolve, reject };
      const abort = new DOMException("aborted", "AbortError");
      signal?.addEventListener("abort", () => {
        if (!this.#line.includes(asked)) return;
        this.#line = this.#line.filter((other) => other !== asked);
        reject(abort);
      });
      if (steal) {
        this.#holder?.reject(abort);
        this.#grant(asked);
      } else {
        this.#line.push(asked);
        this.#next();
      }
    });
  }

  #next(): void {
    if (this.#holder !== null) return;
    const asked = this.#line.shift();
    if (asked !== undefined) this.#grant(asked);
  }

  #grant(asked: Asked): void {
    this.#holder = asked;
    void asked.granted().then(() => {
      asked.resolve();
      if (this.#holder !== asked) return;
      this.#holder = null;
      this.#next();
    });
  }
}

/** A channel's end in one tab; `frozen` keeps what comes until the tab goes on. */
export class FakeChannel<Message> {
  readonly #air: FakeChannel<Message>[];
  readonly #listeners: ((event: MessageEvent<Message>) => void)[] = [];
  readonly #kept: Message[] = [];
  #frozen = false;

  constructor(air: FakeChannel<Message>[]) {
    this.#air = air;
    air.push(this);
  }

  addEventListener(_: "message", listener: (event: MessageEvent<Message>) => void): void {
    this.#listeners.push(listener);
  }

  postMessage(message: Message): void {
    for (const other of [...this.#air]) if (other !== this) other.#take(structuredClone(message));
  }

  close(): void {
    this.#air.splice(this.#air.indexOf(this), 1);
  }

  freezes(): void {
    this.#frozen = true;
  }

  thaws(): void {
    this.#frozen = false;
    for (const message of this.#kept.splice(0)) this.#take(message);
  }

  #take(message: Message): void {
    if (this.#frozen) this.#kept.push(message);
    else for (const listener of this.#listeners) listener(new MessageEvent("message", { data: message }));
  }
}
