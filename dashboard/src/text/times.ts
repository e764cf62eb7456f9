import { UNKNOWN } from "./numbers";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Write a length of time, in seconds, in its two largest units. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return UNKNOWN;
  const left = Math.max(0, Math.round(seconds));
  if (left < MINUTE) return `${left} s`;
  if (left < HOUR) return `${Math.floor(left / MINUTE)} min ${two(left % MINUTE)} s`;
  if (left < DAY) return `${Math.floor(left / HOUR)} h ${two(Math.floor((left % HOUR) / MINUTE))} min`;
  return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
}

/** Write how long ago a moment (ISO 8601) was; one that lies ahead is now. */
export function ago(moment: string | null | undefined, now: number): string {
  if (!moment) return UNKNOWN;
  return `${duration((now - Date.parse(moment)) / 1000)} ago`;
}

const local = new Intl.DateTimeFormat("en-GB", {
  year: "numeric",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Write a moment (ISO 8601) in the reader's own time zone. */
export function clock(moment: string | null | undefined): string {
  return moment ? local.format(new Date(moment)) : UNKNOWN;
}

const utcMinutes = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  year: "numeric",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});

/** Write a candle's time (milliseconds since 1970) in UTC, as the candles have it. */
export function candleTime(milliseconds: number | null | undefined): string {
  return milliseconds === null || milliseconds === undefined
    ? UNKNOWN
    : utcMinutes.format(milliseconds).replace(",", "");
}
