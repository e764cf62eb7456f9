import { Signal } from "./signal";

/** The newest sentence to read aloud: changes of a job's state and of the connection, never numbers. */
export const announcement = new Signal("");
