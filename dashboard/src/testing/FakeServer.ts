import { vi } from "vitest";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: unknown;
}

type Answer = (asked: Asked) => unknown;

/** A refusal, as the server writes it. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly errors: readonly { field: string; rule: string; value: unknown }[] = [],
  ) {}
}

/** Answers what the pages ask over `fetch`; what no answer was given for is not found. */
export class FakeServer {
  readonly asked: Asked[] = [];
  readonly #answers: [method: string, path: RegExp, answer: Answer][] = [];
  #down = false;

  constructor() {
    vi.stubGlobal("fetch", (input: string, init: RequestInit = {}) => this.#fetch(input, init));
  }

  /** Answer a method and a path, in which `*` stands for one name; the answer given last counts. */
  on(method: string, path: string, answer: Answer): this {
    const pattern = path.replaceAll(/[.?]/g, "\\$&").replaceAll("*", "[^/]+");
    this.#answers.unshift([method, new RegExp(`^${pattern}$`), answer]);
    return this;
  }

  goesDown(): void {
    this.#down = true;
  }

  comesBack(): void {
    this.#down = false;
  }

  /** What was asked with a method and a path. */
  requests(method: string, path: string): Asked[] {
    return this.asked.filter((asked) => asked.method === method && asked.path === path);
  }

  async #fetch(input: string, init: RequestInit): Promise<Response> {
    await Promise.resolve();
    if (this.#down) throw new TypeError("Failed to fetch");
    const url = new URL(input, "http://localhost");
    const asked: Asked = {
      method: init.method ?? "GET",
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
    };
    this.asked.push(asked);
    const found = this.#answers.find(([method, path]) => method === asked.method && path.test(asked.path));
    return answered(found ? found[2](asked) : new Refusal(404, `there is nothing at ${asked.path}`));
  }
}

function answered(answer: unknown): Response {
  if (answer instanceof Refusal) {
    const { status, detail, errors } = answer;
    const document = { type: "urn:trad:problem:test", title: "Refused", status, detail, errors };
    return Response.json(document, { status, headers: { "Content-Type": "application/problem+json" } });
  }
  return answer === undefined ? new Response(null, { status: 204 }) : Response.json(answer);
}
