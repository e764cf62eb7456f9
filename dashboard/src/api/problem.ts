/** One field of a request that breaks a rule. */
export interface FieldProblem {
  readonly field: string;
  readonly rule: string;
  readonly value: string | number | boolean | null;
}

/** An answer that says what is wrong: a problem document of RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly errors: readonly FieldProblem[];

  constructor(status: number, type: string, title: string, detail: string, errors: readonly FieldProblem[]) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.type = type;
    this.title = title;
    this.errors = errors;
  }
}

/** No answer came: the server does not run, or the network is down. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("The server does not answer. Is `trad serve` running?", { cause });
    this.name = "Unreachable";
  }
}

/** Read what a refused request was answered with, whoever wrote the answer. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = await fields(response);
  const title = text(body.title) ?? (response.statusText || `Status ${response.status}`);
  return new Problem(
    response.status,
    text(body.type) ?? "about:blank",
    title,
    text(body.detail) ?? `The server answered ${response.status} ${title}.`,
    Array.isArray(body.errors) ? body.errors.flatMap(fieldProblem) : [],
  );
}

async function fields(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return isRecord(body) ? body : {};
  } catch {
    // Something between here and the server answered in its own words.
    return {};
  }
}

function fieldProblem(entry: unknown): FieldProblem[] {
  if (!isRecord(entry)) return [];
  const field = text(entry.field);
  const rule = text(entry.rule);
  const value = entry.value;
  if (field === null || rule === null) return [];
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return [{ field, rule, value: plain ? value : null }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Say what went wrong, in a sentence. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
