/** One thing to compare: an episode of a job, or (number null) the job's best. */
export interface Picked {
  readonly jobId: string;
  readonly number: number | null;
}

/** As many as can be told apart. */
export const MOST = 6;

/** Read `JOB:7,JOB,...`, as the address has it; what cannot be read is left out, as is what comes twice. */
export function picksOf(text: string | undefined): Picked[] {
  const found = new Map<string, Picked>();
  for (const part of (text ?? "").split(",")) {
    const match = /^([a-z0-9]{1,64})(?::([1-9]\d{0,8}))?$/.exec(part.trim());
    if (match?.[1] === undefined) continue;
    const pick = { jobId: match[1], number: match[2] === undefined ? null : Number(match[2]) };
    found.set(pickText(pick), pick);
  }
  return [...found.values()].slice(0, MOST);
}

/** Write one as the address has it. */
export function pickText({ jobId, number }: Picked): string {
  return number === null ? jobId : `${jobId}:${number}`;
}
