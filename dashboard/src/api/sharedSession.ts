import type { Session } from "./session";
import type { Signal } from "./signal";

/** The part of `BroadcastChannel` that is used, so that tests can play the browser. */
export interface SessionChannel {
  addEventListener(kind: "message", listener: (event: MessageEvent<Session>) => void): void;
  postMessage(session: Session): void;
}

/** Let all tabs of a browser know at once that it was let in, or has to log in again. */
export function shareSession(session: Signal<Session>, channel: SessionChannel): void {
  let told: Session | null = null;
  channel.addEventListener("message", ({ data }) => {
    // Who told it knows it: two tabs that learn the opposite at the same moment must not swap it for ever.
    told = data;
    session.set(data);
    told = null;
  });
  session.watch(() => {
    if (session.get() !== told) channel.postMessage(session.get());
  });
}
