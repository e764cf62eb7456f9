/** What stands where nothing is known; a zero is written as 0. */
export const UNKNOWN = "—";

type Number_ = number | null | undefined;

type Places = 0 | 1 | 2 | 3 | 4;

function formatter(places: Places): Intl.NumberFormat {
  return new Intl.NumberFormat("en", { minimumFractionDigits: places, maximumFractionDigits: places });
}

const decimals = [formatter(0), formatter(1), formatter(2), formatter(3), formatter(4)] as const;

function known(value: Number_): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Write a number with so many decimals; one that rounds to nothing has no sign. */
export function fixed(value: Number_, places: Places): string {
  if (!known(value)) return UNKNOWN;
  const text = decimals[places].format(value);
  return /^-[0.,]+$/.test(text) ? text.slice(1) : text;
}

/** Write a count with separators: `4,500`. */
export function count(value: Number_): string {
  return known(value) ? decimals[0].format(value) : UNKNOWN;
}

/** Write percent (0 to 100) with one decimal, rounded down: 100.0% is said of nothing that is under way. */
export function percent(value: Number_): string {
  // 45.3 is a little less than 453 tenths in binary: it should not become 45.2.
  return known(value) ? `${fixed(Math.floor(value * 10 + 1e-6) / 10, 1)}%` : UNKNOWN;
}

/** Write a fraction as percent: 0.25 as `25.00%`. */
export function share(value: Number_, places: 0 | 1 | 2 = 2): string {
  return known(value) ? `${fixed(value * 100, places)}%` : UNKNOWN;
}

/** Write a score or a ratio: four decimals, two for large ones. */
export function score(value: Number_): string {
  if (!known(value)) return UNKNOWN;
  return fixed(value, Math.abs(value) >= 1000 ? 2 : 4);
}

/** Write how many candles a second are done. */
export function rate(value: Number_): string {
  if (!known(value)) return UNKNOWN;
  return `${fixed(value, value > 0 && value < 10 ? 1 : 0)}/s`;
}

/** Write a price with as many decimals as its size asks for. */
export function price(value: Number_): string {
  if (!known(value)) return UNKNOWN;
  if (value !== 0 && Math.abs(value) < 1) return Number(value.toPrecision(5)).toString();
  return fixed(value, 2);
}

/** Write a parameter's value as `trad train --param` takes it. */
export function parameter(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return Number(value.toPrecision(6)).toString();
}
