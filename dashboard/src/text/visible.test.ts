import { expect, it } from "vitest";
import { visible } from "./visible";

it.each([
  ["a\u001b[2J\u0000b", "a\\x1b[2J\\x00b"],
  ["gnp.\u202eexe", "gnp.\\u202eexe"],
  ["two\nlines", "two\nlines"],
  ["tag \u{e0041}", "tag \\U000e0041"],
  ["Größe 日本 <b> 🚀", "Größe 日本 <b> 🚀"],
])("writes %j as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});
