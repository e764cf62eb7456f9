import { Signal } from "../signal";

/** How the stream of events stands; `since` is by the server's clock, in milliseconds since 1970. */
export type Connection =
  | { readonly phase: "connecting" }
  | { readonly phase: "live" }
  | { readonly phase: "lost"; readonly since: number };

export const connection = new Signal<Connection>({ phase: "connecting" });
