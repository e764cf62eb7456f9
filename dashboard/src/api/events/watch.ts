const TICK_MS = 2000;
const SILENT_MS = 5000;
const MOST_ASKED = 3;
const SPREAD_MS = 3000;
const PATIENCE_MS = 30_000;

interface WatchOptions {
  /** Ask the leading tab for a word. */
  readonly ask: () => void;
  /** It answered nothing, several times. */
  readonly silent: () => void;
  /** A number from 0 to 1 that differs from tab to tab. */
  readonly draw?: () => number;
}

/**
 * Watches that the leading tab is heard of.
 *
 * A leader has nothing to do by the clock, since a browser holds back the timers of tabs that nobody looks
 * at; it answers when it is asked. So this tab asks when it has heard nothing for a while. One that itself
 * stood still for long asks first, too, and judges by the answers.
 */
export class Watch {
  readonly #options: WatchOptions;
  #tick: ReturnType<typeof setInterval> | null = null;
  #due: ReturnType<typeof setTimeout> | null = null;
  #heardAt = 0;
  #asked = 0;
  #patientUntil = 0;
  #patience = PATIENCE_MS;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.heard();
    this.#tick = setInterval(() => this.#look(), TICK_MS);
  }

  stop(): void {
    if (this.#tick !== null) clearInterval(this.#tick);
    this.#tick = null;
    this.#calm();
  }

  heard(): void {
    this.#heardAt = Date.now();
    this.#calm();
  }

  /** Leave it to others for a while, each time for longer: this tab itself was found silent. */
  bePatient(): void {
    this.#patientUntil = Date.now() + this.#patience;
    this.#patience *= 2;
  }

  #calm(): void {
    this.#asked = 0;
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
  }

  #look(): void {
    if (Date.now() - this.#heardAt < SILENT_MS || this.#due !== null) return;
    if (this.#asked < MOST_ASKED) {
      this.#asked += 1;
      this.#options.ask();
    } else if (Date.now() >= this.#patientUntil) {
      // All tabs notice at about the same time: the first to act is heard by the others, which then rest.
      this.#due = setTimeout(
        () => {
          this.heard();
          this.#options.silent();
        },
        (this.#options.draw ?? Math.random)() * SPREAD_MS,
      );
    }
  }
}
