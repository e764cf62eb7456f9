import { Signal } from "./signal";

/** Whether the server lets this browser in, as far as its answers told. */
export type Session = "open" | "closed";

export const session = new Signal<Session>("open");
