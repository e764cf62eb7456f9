import { expect, it } from "vitest";
import { FakeChannel } from "../testing/FakeBrowser";
import type { Session } from "./session";
import { shareSession } from "./sharedSession";
import { Signal } from "./signal";

it("lets every tab know that one has to log in, and that one was let in", () => {
  const air: FakeChannel<Session>[] = [];
  const tabs = [1, 2, 3].map(() => {
    const session = new Signal<Session>("open");
    shareSession(session, new FakeChannel(air));
    return session;
  });
  tabs[1]?.set("closed");
  expect(tabs.map((session) => session.get())).toEqual(["closed", "closed", "closed"]);
  tabs[2]?.set("open");
  expect(tabs.map((session) => session.get())).toEqual(["open", "open", "open"]);
});

it("does not swap opposite news for ever", () => {
  const air: FakeChannel<Session>[] = [];
  const first = new Signal<Session>("open");
  const second = new Signal<Session>("closed");
  const [one, other] = [new FakeChannel(air), new FakeChannel(air)];
  shareSession(first, one);
  shareSession(second, other);
  for (const channel of [one, other]) channel.freezes();
  first.set("closed");
  second.set("open");
  for (const channel of [one, other]) channel.thaws();
  expect([first.get(), second.get()]).toEqual(["open", "closed"]);
});
