import { describe, expect, it } from "vitest";
import { FakeServer, Refusal } from "../testing/FakeServer";
import { ask, path } from "./client";
import { Problem, problemOf, Unreachable } from "./problem";
import { session } from "./session";

describe("ask", () => {
  it("sends queries, bodies and headers", async () => {
    const server = new FakeServer().on("POST", "/api/jobs", () => ({ id: "1" }));
    const options = {
      query: { state: ["queued", "running"], cursor: null },
      body: { seed: 0 },
      headers: { "Idempotency-Key": "k" },
    };
    expect(await ask("POST", "/api/jobs", options)).toEqual({ id: "1" });
    const [asked] = server.asked;
    expect(asked?.query.toString()).toBe("state=queued&state=running");
    expect(asked?.body).toEqual({ seed: 0 });
    expect(asked?.headers.get("Content-Type")).toBe("application/json");
    expect(asked?.headers.get("Idempotency-Key")).toBe("k");
  });

  it("turns a problem document into an error that names field, rule and value", async () => {
    const errors = [{ field: "body.fee", rule: "less than or equal to 0.1", value: 2 }];
    new FakeServer().on("POST", "/api/jobs", () => new Refusal(422, "body.fee was 2", errors));
    const refused = await ask("POST", "/api/jobs").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect(refused).toMatchObject({ status: 422, message: "body.fee was 2", errors });
  });

  it("says that no answer came", async () => {
    new FakeServer().goesDown();
    await expect(ask("GET", "/api/health")).rejects.toThrow(Unreachable);
  });

  it("returns nothing where there is nothing", async () => {
    new FakeServer().on("DELETE", "/api/jobs/*", () => undefined);
    expect(await ask("DELETE", "/api/jobs/1")).toBeUndefined();
  });

  it("closes the session at a 401, and opens it with the next answer", async () => {
    const server = new FakeServer().on("GET", "/api/health", () => new Refusal(401, "log in first"));
    await expect(ask("GET", "/api/health")).rejects.toThrow("log in first");
    expect(session.get()).toBe("closed");
    server.on("GET", "/api/health", () => ({}));
    await ask("GET", "/api/health");
    expect(session.get()).toBe("open");
  });
});

it("escapes names in paths", () => {
  expect(path`/api/jobs/${"a/b?c"}/episodes/${7}`).toBe("/api/jobs/a%2Fb%3Fc/episodes/7");
  expect(path`/api/jobs`).toBe("/api/jobs");
});

it("makes a problem of an answer that is none", async () => {
  const problem = await problemOf(new Response("<h1>Bad gateway</h1>", { status: 502 }));
  expect(problem).toMatchObject({
    status: 502,
    errors: [],
    message: "The server answered 502 Status 502.",
  });
});
