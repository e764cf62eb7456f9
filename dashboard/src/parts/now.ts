import { useSyncExternalStore } from "react";
import { serverNow } from "../api/clock";

const SECOND = 1000;

const watchers = new Set<() => void>();
let now = serverNow();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = serverNow();
  for (const watcher of [...watchers]) watcher();
}

/** Watch the page's one clock, so that all that counts seconds is drawn anew together. */
function watch(watcher: () => void): () => void {
  if (watchers.size === 0) timer = setInterval(tick, SECOND);
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
    if (watchers.size === 0) clearInterval(timer);
  };
}

function read(): number {
  // Nobody watched for a while: the clock stood still. Within a second its answers must be alike.
  if (watchers.size === 0 && Math.abs(serverNow() - now) >= SECOND) now = serverNow();
  return now;
}

/** Return the server's time, anew each second. */
export function useNow(): number {
  return useSyncExternalStore(watch, read);
}
