import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describe as described, folderOf } from "./licenses.ts";

describe("folderOf", () => {
  it.each([
    ["/a/node_modules/react/index.js", ["/a/node_modules/react"]],
    ["/a/node_modules/@mantine/core/esm/x.mjs", ["/a/node_modules/@mantine/core"]],
    ["/a/node_modules/one/node_modules/two/x.js", ["/a/node_modules/one/node_modules/two"]],
    ["\0/a/node_modules/react/index.js?commonjs-module", ["/a/node_modules/react"]],
    ["\0vite/preload-helper.js", ["node_modules/vite"]],
    ["/a/src/main.tsx", []],
  ])("finds the package of %s", (id, folders) => {
    expect(folderOf(id)).toEqual(folders);
  });
});

describe("what a package says of itself", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "package-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function declare(fields: object): void {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "one", version: "1.2.3", ...fields }));
  }

  it("is its licence, its notice, and what lies in a folder of them", () => {
    declare({ license: "MIT" });
    writeFileSync(join(folder, "LICENSE.md"), "Do as you like.\n");
    writeFileSync(join(folder, "NOTICE"), "By many.");
    mkdirSync(join(folder, "licenses"));
    writeFileSync(join(folder, "licenses", "LICENSE-d3"), "As d3 does.");
    const { title, text } = described(folder);
    expect(title).toBe("one 1.2.3 (MIT)");
    for (const part of ["Do as you like.", "By many.", "As d3 does."]) expect(text).toContain(part);
  });

  it("is its author where no file says more", () => {
    declare({ license: "ISC", author: { name: "Somebody" } });
    expect(described(folder)).toEqual({ title: "one 1.2.3 (ISC)", text: "By Somebody." });
  });

  it("may not be nothing", () => {
    declare({});
    expect(() => described(folder)).toThrow("one names no licence");
  });
});
