import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

const LEGAL = /^(licen[cs]e|notice|copying)/i;
const RULE = "-".repeat(78);

interface Described {
  readonly title: string;
  readonly text: string;
}

/**
 * A plugin that writes `licenses.txt` beside the build: the licence of every package of which code is in it.
 *
 * It fails the build on a package that names no licence.
 */
export function licenses(): Plugin {
  return {
    name: "licenses",
    apply: "build",
    generateBundle(_options, bundle) {
      const folders = new Set(Object.values(bundle).flatMap(modulesOf).flatMap(folderOf));
      const packages = [...folders].map(describe).sort((a, b) => a.title.localeCompare(b.title, "en"));
      this.emitFile({ type: "asset", fileName: "licenses.txt", source: written(packages) });
    },
  };
}

/** List the modules that left something in a chunk; what styles leave stands in a file of its own. */
function modulesOf(part: Rolldown.OutputChunk | Rolldown.OutputAsset): string[] {
  if (part.type !== "chunk") return [];
  const modules = Object.entries(part.modules);
  return modules.flatMap(([id, { renderedLength }]) =>
    renderedLength > 0 || id.includes(".css") ? [id] : [],
  );
}

/** Return the folder of the package that a module comes from; none for a module of the dashboard itself. */
export function folderOf(id: string): string[] {
  // What the tools themselves put into the page, such as what loads pages ahead of time, lies in no file.
  const tool = /^\0(vite|rolldown)\//.exec(id)?.[1];
  if (tool !== undefined) return [join("node_modules", tool)];
  const match = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id.replace(/^\0/, ""));
  return match ? [match[0]] : [];
}

/** Read what a package says of itself. */
export function describe(folder: string): Described {
  const said = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  const [name, version, license] = [said.name, said.version, said.license].map((value) =>
    typeof value === "string" ? value : "",
  );
  const texts = legalFiles(folder).map((file) => readFileSync(file, "utf8").trim());
  if (!license && texts.length === 0) {
    throw new Error(`${name} names no licence; find out under which it may be passed on, or do without it`);
  }
  if (texts.length === 0) texts.push(authorOf(said.author));
  return {
    title: `${name} ${version} (${license === "" ? "see below" : license})`,
    text: texts.join("\n\n"),
  };
}

/** List a package's licences and notices; some keep those of what they took over in a folder. */
function legalFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries
    .filter((entry) => LEGAL.test(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return [path];
      return readdirSync(path).map((file) => join(path, file));
    });
}

function authorOf(author: unknown): string {
  const name = typeof author === "object" && author !== null && "name" in author ? author.name : author;
  return typeof name === "string" ? `By ${name}.` : "";
}

function written(packages: readonly Described[]): string {
  const head = `The dashboard of Trad contains code of ${packages.length} packages, under these licences.`;
  const list = packages.map(({ title }) => `- ${title}`).join("\n");
  const texts = packages.map(({ title, text }) => `${RULE}\n${title}\n\n${text}`);
  return `${[head, list, ...texts].join("\n\n")}\n`;
}
