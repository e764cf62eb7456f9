import type { Connection } from "./connection";
import { Election, type Locks } from "./election";
import { Seen } from "./seen";
import { EventStream, type LiveStream, type StreamOptions } from "./stream";
import { Watch } from "./watch";
import type { RawEvent } from "./wire";

/** What tabs tell each other. */
export type TabMessage =
  | { readonly say: "event"; readonly event: RawEvent }
  | { readonly say: "connection"; readonly connection: Connection }
  | { readonly say: "missed" }
  | { readonly say: "ask" | "restart" | "suspect" };

/** The part of `BroadcastChannel` that is used, so that tests can play the browser. */
export interface Channel {
  addEventListener(kind: "message", listener: (event: MessageEvent<TabMessage>) => void): void;
  postMessage(message: TabMessage): void;
  close(): void;
}

export interface SharedStreamOptions extends StreamOptions {
  readonly locks: Locks;
  readonly join: () => Channel;
}

/** Tabs that do not understand each other's messages must not share: a change of these changes the name. */
export const SHARED = "trad-events-1";
const CALM_MS = 1000;

/**
 * One stream of events for all tabs of a browser.
 *
 * The tab that holds a lock keeps the stream open and hands each event to the others as it comes. When it
 * goes, the browser passes the lock to the next, which opens a stream, and every tab reads again what it
 * shows. A leader that is silent though asked loses the lock to a tab that noticed. Until it learns of that,
 * two may hand out events: those are whole snapshots, and each id is taken once.
 */
export class SharedStream implements LiveStream {
  readonly #options: SharedStreamOptions;
  readonly #own: EventStream;
  readonly #election: Election;
  readonly #watch: Watch;
  readonly #seen = new Seen();
  #channel: Channel | null = null;
  #unwatch: (() => void) | null = null;
  #alone = false;
  #restartedAt = 0;

  constructor(options: SharedStreamOptions) {
    this.#options = options;
    this.#own = new EventStream({
      ...options,
      event: (event) => this.#came(event),
      missed: () => this.#missed(),
    });
    this.#election = new Election({
      locks: options.locks,
      name: SHARED,
      elected: () => this.#lead(),
      deposed: () => this.#follow(),
      unavailable: () => this.#beAlone(),
    });
    this.#watch = new Watch({
      ask: () => this.#say({ say: "ask" }),
      silent: () => this.#election.steal(),
    });
  }

  start(): void {
    if (this.#channel !== null || this.#alone) return;
    this.#channel = this.#options.join();
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    this.#watch.start();
    this.#say({ say: "ask" });
    this.#election.join();
  }

  stop(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    this.#watch.stop();
    this.#own.stop();
    this.#election.leave();
    this.#channel?.close();
    this.#channel = null;
    this.#alone = false;
  }

  restart(): void {
    if (this.#follows) this.#say({ say: "restart" });
    else this.#own.restart();
  }

  suspect(): void {
    if (this.#follows) this.#say({ say: "suspect" });
    else this.#own.suspect();
  }

  get #follows(): boolean {
    return !this.#election.leads && !this.#alone;
  }

  #lead(): void {
    this.#watch.stop();
    this.#unwatch = this.#options.connection.watch(() => this.#tell());
    this.#tell();
    this.#own.start();
  }

  #follow(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    this.#own.stop();
    this.#watch.start();
    this.#watch.bePatient();
    this.#say({ say: "ask" });
  }

  /** Keep a stream of this tab's own: the browser lets it share none. */
  #beAlone(): void {
    this.stop();
    this.#alone = true;
    this.#own.start();
  }

  #hear(message: TabMessage): void {
    if (this.#election.leads) this.#answer(message);
    else this.#learn(message);
  }

  #answer({ say }: TabMessage): void {
    if (say === "ask") this.#tell();
    if (say === "suspect") this.#own.suspect();
    // Several tabs may want it at once, each for the same reason.
    if (say === "restart" && Date.now() - this.#restartedAt >= CALM_MS) {
      this.#restartedAt = Date.now();
      this.#own.restart();
    }
  }

  #learn(message: TabMessage): void {
    switch (message.say) {
      case "event":
        if (this.#seen.isNew(message.event)) this.#options.event(message.event);
        break;
      case "connection":
        this.#stands(message.connection);
        break;
      case "missed":
        this.#options.missed();
        break;
      default:
        return; // another tab's word to the leader
    }
    this.#watch.heard();
  }

  #stands(told: Connection): void {
    const known = this.#options.connection.get();
    if (known.phase !== told.phase || known.phase === "lost") this.#options.connection.set(told);
  }

  #came(event: RawEvent): void {
    this.#say({ say: "event", event });
    if (this.#seen.isNew(event)) this.#options.event(event);
  }

  #missed(): void {
    this.#say({ say: "missed" });
    this.#options.missed();
  }

  #tell(): void {
    this.#say({ say: "connection", connection: this.#options.connection.get() });
  }

  #say(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }
}
