/** The part of `LockManager` that is used, so that tests can play the browser. */
export interface Locks {
  request(name: string, options: LockOptions, granted: () => Promise<void>): Promise<unknown>;
}

export interface ElectionOptions {
  readonly locks: Locks;
  readonly name: string;
  /** This tab holds the lock from now on. */
  readonly elected: () => void;
  /** Another tab took the lock away; this one waits for it again. */
  readonly deposed: () => void;
  /** The browser gives this page no locks. */
  readonly unavailable: () => void;
}

/** Sees to it that of all tabs one holds the lock: the first that asked, and after it the next in line. */
export class Election {
  readonly #options: ElectionOptions;
  #waiting = new AbortController();
  #release: (() => void) | null = null;
  #round = 0;

  constructor(options: ElectionOptions) {
    this.#options = options;
  }

  get leads(): boolean {
    return this.#release !== null;
  }

  /** Wait in line for the lock. */
  join(): void {
    this.#waiting = new AbortController();
    this.#request({ signal: this.#waiting.signal });
  }

  /** Take the lock from whoever holds it. */
  steal(): void {
    this.leave();
    this.#request({ steal: true });
  }

  /** Give the lock up, or the place in line. */
  leave(): void {
    this.#round += 1;
    this.#waiting.abort();
    this.#release?.();
    this.#release = null;
  }

  #request(options: LockOptions): void {
    const round = ++this.#round;
    const granted = async () => {
      if (round !== this.#round) return;
      const held = new Promise<void>((resolve) => (this.#release = resolve));
      this.#options.elected();
      await held;
    };
    this.#options.locks.request(this.#options.name, options, granted).catch(() => {
      if (round === this.#round) this.#refused();
    });
  }

  #refused(): void {
    if (this.#release === null) {
      this.#options.unavailable();
      return;
    }
    this.#release = null;
    this.join();
    this.#options.deposed();
  }
}
