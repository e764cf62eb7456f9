// Prints what the first visit of a page loads, compressed, and fails where it is more than agreed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const KILOBYTE = 1000;
const FIRST_LOAD = 250;
const WITH_CHARTS = 600;

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.env.TRAD_DASHBOARD_OUT ?? join(here, "../../src/trad/server/static");
const manifest = JSON.parse(readFileSync(join(out, ".vite/manifest.json"), "utf8"));

/** Collect the files that a chunk needs before it runs, itself included. */
function filesOf(key, followed = new Set()) {
  if (followed.has(key)) return new Set();
  followed.add(key);
  const chunk = manifest[key];
  const files = new Set([chunk.file, ...(chunk.css ?? [])]);
  for (const imported of chunk.imports ?? []) {
    for (const file of filesOf(imported, followed)) files.add(file);
  }
  return files;
}

function size(files) {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(readFileSync(join(out, file)), { level: 9 }).length;
  return bytes / KILOBYTE;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = new Set(["index.html", "scheme.js", ...filesOf(entry)]);
const pages = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry);

console.log(`first load ${size(first).toFixed(1)} kB of ${FIRST_LOAD} kB, gzip`);
let failed = size(first) > FIRST_LOAD;
for (const page of pages) {
  const whole = size(new Set([...first, ...filesOf(page)]));
  console.log(`  with ${page.replace(/^.*\//, "")}: ${whole.toFixed(1)} kB of ${WITH_CHARTS} kB`);
  failed ||= whole > WITH_CHARTS;
}
const all = size(new Set([...first, ...pages.flatMap((page) => [...filesOf(page)])]));
console.log(`everything ${all.toFixed(1)} kB`);
if (failed) {
  console.error("The dashboard has outgrown its budget: load what is new with the page that needs it.");
  process.exit(1);
}
