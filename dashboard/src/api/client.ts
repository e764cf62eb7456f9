import { learnClock } from "./clock";
import { problemOf, Unreachable } from "./problem";
import { session } from "./session";

type Query = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

export interface Options {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Ask the API and return what it answers.
 *
 * Throws `Problem` where it refuses, `Unreachable` where no answer comes. A 401 closes the session, any
 * other answer opens it.
 */
export async function ask<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await reach(method, path, options);
  learnClock(response.headers.get("date"));
  session.set(response.status === 401 ? "closed" : "open");
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function reach(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  try {
    return await fetch(path + search(options.query), init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
}

function search(query: Query = {}): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) parts.append(name, String(one));
  }
  const text = parts.toString();
  return text === "" ? "" : `?${text}`;
}

/** Write a path of the API; names are escaped. */
export function path(parts: TemplateStringsArray, ...names: readonly (string | number)[]): string {
  return parts.reduce((whole, part, place) => whole + encodeURIComponent(String(names[place - 1])) + part);
}
