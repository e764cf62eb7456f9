let ahead: number | null = null;

/**
 * Learn from an answer's `Date` how far the server's clock is ahead of this one.
 *
 * The header has whole seconds, cut off: the largest difference seen comes nearest.
 */
export function learnClock(date: string | null): void {
  const told = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(told)) return;
  const difference = told - Date.now();
  if (ahead === null || difference > ahead || difference < ahead - 2 * SLACK) ahead = difference;
}

const SLACK = 1000;

/** Return the server's time, in milliseconds since 1970, by what its answers told. */
export function serverNow(): number {
  return Date.now() + (ahead ?? 0);
}
