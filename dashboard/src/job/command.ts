import type { Spec } from "../api/types";
import { searches, searchText } from "./space";
import { termTexts } from "./terms";

const MEGABYTE = 1024 * 1024;

/** Write the command that repeats a job: the same spec, and so the same fingerprint. */
export function trainCommand(spec: Spec): string {
  const options: [name: string, value: string | number | null][] = [
    ["data", spec.data],
    ["optimizer", spec.optimizer],
    ["episodes", spec.episodes],
    ["objective", spec.objective],
    ["seed", spec.seed],
    ["fee", spec.fee],
    ["slippage", spec.slippage],
    ["position-size", spec.position_size],
    ["episode-timeout", spec.episode_timeout],
    ["episode-memory", spec.episode_memory === null ? null : spec.episode_memory / MEGABYTE],
  ];
  const words = options.flatMap(([name, value]) =>
    value === null ? [] : [`--${name}`, quoted(String(value))],
  );
  const params = searches(spec.space).flatMap(([name, search]) => [
    "--param",
    quoted(`${name}=${searchText(search)}`),
  ]);
  const terms = termTexts(spec).flatMap((term) => ["--term", quoted(term)]);
  return ["trad train", quoted(spec.strategy), ...words, ...terms, ...params].join(" ");
}

/** Quote a word for a POSIX shell where it needs it. */
function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
