import type { Scored } from "../api/scores";

type Value = string | number | boolean;

/** One axis of the map: its stretches, and which of them a value lies in. */
export interface Axis {
  readonly labels: readonly string[];
  readonly place: (value: Value) => number;
}

/** The mean score of the episodes in each field that has some. */
export interface Field {
  readonly x: number;
  readonly y: number;
  readonly score: number;
  readonly episodes: number;
}

const MOST = 20;
const FEWEST = 5;

/** Say into how many stretches the axes are divided, so that most fields hold an episode or two. */
export function stretches(episodes: number): number {
  return Math.min(MOST, Math.max(FEWEST, Math.floor(Math.sqrt(episodes / 2))));
}

/** Divide an axis: a stretch for each value where they are few, else `most` stretches of equal length. */
export function axisOf(values: readonly Value[], most = MOST): Axis {
  const distinct = [...new Set(values)];
  const numbers = distinct.filter((value) => typeof value === "number");
  if (numbers.length === distinct.length) numbers.sort((a, b) => a - b);
  if (numbers.length < distinct.length || distinct.length <= most) {
    const ordered: Value[] = numbers.length === distinct.length ? numbers : distinct;
    return { labels: ordered.map(short), place: (value) => ordered.indexOf(value) };
  }
  const low = numbers[0] ?? 0;
  const width = ((numbers.at(-1) ?? 0) - low) / most;
  return {
    labels: Array.from({ length: most }, (_, place) => short(low + (place + 0.5) * width)),
    place: (value) => Math.min(most - 1, Math.floor((Number(value) - low) / width)),
  };
}

/** Lay scores out over two parameters. */
export function fieldsOf(
  points: readonly Scored[],
  x: string,
  y: string,
): { xs: Axis; ys: Axis; fields: Field[] } {
  const most = stretches(points.length);
  const xs = axisOf(
    points.flatMap((point) => point.params[x] ?? []),
    most,
  );
  const ys = axisOf(
    points.flatMap((point) => point.params[y] ?? []),
    most,
  );
  const sums = new Map<number, { sum: number; episodes: number }>();
  for (const { params, score } of points) {
    const [left, up] = [params[x], params[y]];
    if (left === undefined || up === undefined) continue;
    const key = xs.place(left) * ys.labels.length + ys.place(up);
    const before = sums.get(key) ?? { sum: 0, episodes: 0 };
    sums.set(key, { sum: before.sum + score, episodes: before.episodes + 1 });
  }
  const fields = [...sums].map(([key, { sum, episodes }]) => ({
    x: Math.floor(key / ys.labels.length),
    y: key % ys.labels.length,
    score: sum / episodes,
    episodes,
  }));
  return { xs, ys, fields };
}

function short(value: Value): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
}
