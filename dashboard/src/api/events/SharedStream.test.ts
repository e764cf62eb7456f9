import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeChannel, FakeLock } from "../../testing/FakeBrowser";
import { FakeSource } from "../../testing/FakeSource";
import { Signal } from "../signal";
import type { Connection } from "./connection";
import type { Locks } from "./election";
import { SharedStream, type TabMessage } from "./SharedStream";

/** A browser with its tabs, each of which counts what reaches it. */
class Browser {
  readonly sources: FakeSource[] = [];
  readonly #lock = new FakeLock();
  readonly #air: FakeChannel<TabMessage>[] = [];

  async tab(locks: Locks = this.#lock.locks()) {
    const connection = new Signal<Connection>({ phase: "connecting" });
    const events: string[] = [];
    let channel: FakeChannel<TabMessage> | null = null;
    const tab = {
      connection,
      events,
      misses: 0,
      channel: () => {
        if (channel === null) throw new Error("the tab has not joined");
        return channel;
      },
      stream: new SharedStream({
        locks,
        join: () => (channel = new FakeChannel(this.#air)),
        open: () => {
          const source = new FakeSource();
          this.sources.push(source);
          return source;
        },
        connection,
        event: (event) => events.push(event.text),
        missed: () => (tab.misses += 1),
        refused: () => Promise.resolve(),
      }),
    };
    tab.stream.start();
    await settle();
    return tab;
  }

  /** The streams that are open or opening. */
  get open(): FakeSource[] {
    return this.sources.filter((source) => source.readyState !== 2);
  }

  get newest(): FakeSource {
    const source = this.sources.at(-1);
    if (!source) throw new Error("no source was opened");
    return source;
  }
}

async function settle(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
}

const LIVE = { phase: "live" };

let browser: Browser;

beforeEach(() => {
  vi.useFakeTimers();
  browser = new Browser();
});

describe("tabs of one browser", () => {
  it("share one stream: each event reaches each tab at once and once", async () => {
    const tabs = [await browser.tab(), await browser.tab(), await browser.tab()];
    browser.newest.opens();
    browser.newest.sends("job", { n: 1 }, "b-1");
    browser.newest.sends("log", { n: 2 });
    expect(browser.sources).toHaveLength(1);
    for (const tab of tabs) {
      expect(tab.events).toEqual(['{"n":1}', '{"n":2}']);
      expect(tab.connection.get()).toEqual(LIVE);
      expect(tab.misses).toBe(1);
    }
  });

  it("tell one that comes late how the stream stands", async () => {
    await browser.tab();
    browser.newest.opens();
    expect((await browser.tab()).connection.get()).toEqual(LIVE);
    vi.setSystemTime(5000);
    browser.newest.drops();
    expect((await browser.tab()).connection.get()).toEqual({ phase: "lost", since: 5000 });
  });

  it("pass the stream on when its owner closes, and all read again what they show", async () => {
    const tabs = [await browser.tab(), await browser.tab(), await browser.tab()];
    browser.newest.opens();
    tabs[0]?.stream.stop();
    await settle();
    expect(browser.sources).toHaveLength(2);
    browser.newest.opens();
    browser.newest.sends("job", {}, "b-9");
    expect(browser.open).toHaveLength(1);
    expect(tabs.map((tab) => tab.misses)).toEqual([1, 2, 2]);
    expect(tabs.map((tab) => tab.events.length)).toEqual([0, 1, 1]);
  });

  it("leave the line when they close", async () => {
    const [first, second] = [await browser.tab(), await browser.tab()];
    second.stream.stop();
    first.stream.stop();
    await settle();
    expect(browser.sources).toHaveLength(1);
    expect(browser.open).toHaveLength(0);
  });

  it("take the stream from an owner that hangs: one of them, and only once", async () => {
    const tabs = [await browser.tab(), await browser.tab(), await browser.tab(), await browser.tab()];
    browser.newest.opens();
    tabs[0]?.channel().freezes();
    await vi.advanceTimersByTimeAsync(16_000);
    expect(browser.sources).toHaveLength(2);
    browser.newest.opens();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(browser.sources).toHaveLength(2);
    tabs[0]?.channel().thaws();
    browser.newest.sends("job", {}, "b-2");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(browser.open).toHaveLength(1);
    expect(tabs.map((tab) => tab.events.length)).toEqual([1, 1, 1, 1]);
    expect(tabs.map((tab) => tab.connection.get())).toEqual([LIVE, LIVE, LIVE, LIVE]);
  });

  it("do not take it from each other for ever where one of them is deaf", async () => {
    const tabs = [await browser.tab(), await browser.tab()];
    tabs[0]?.channel().freezes();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(browser.open).toHaveLength(1);
    expect(browser.sources.length).toBeLessThan(12);
  });

  it("leave a stream in peace on which nothing comes", async () => {
    await browser.tab();
    await browser.tab();
    browser.newest.opens();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(browser.sources).toHaveLength(1);
  });

  it("have the owner try again, once for all who want it", async () => {
    const tabs = [await browser.tab(), await browser.tab(), await browser.tab()];
    vi.setSystemTime(100_000);
    browser.newest.opens();
    browser.newest.drops();
    tabs[1]?.stream.restart();
    tabs[2]?.stream.restart();
    expect(browser.sources).toHaveLength(2);
    browser.newest.opens();
    expect(tabs.map((tab) => tab.connection.get())).toEqual([LIVE, LIVE, LIVE]);
    tabs[1]?.stream.suspect();
    expect(tabs.map((tab) => tab.connection.get().phase)).toEqual(["lost", "lost", "lost"]);
  });

  it("keep a stream each where the browser refuses them a lock", async () => {
    const locks = { request: () => Promise.reject(new DOMException("no", "SecurityError")) };
    const tabs = [await browser.tab(locks), await browser.tab(locks)];
    for (const source of browser.sources) source.opens();
    browser.newest.sends("job", {}, "b-1");
    expect(tabs.map((tab) => tab.connection.get())).toEqual([LIVE, LIVE]);
    expect(tabs.map((tab) => tab.events.length)).toEqual([0, 1]);
    for (const tab of tabs) tab.stream.stop();
    expect(browser.open).toHaveLength(0);
  });
});
