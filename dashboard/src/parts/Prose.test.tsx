import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Prose } from "./Prose";

it.each([
  ["wait, or start `trad worker`", 'Wait, or start <code class="code">trad worker</code>'],
  ["one ` alone", "one ` alone"],
  ["<b>`<i>`</b>", '&lt;b&gt;<code class="code">&lt;i&gt;</code>&lt;/b&gt;'],
  ["", ""],
])("writes %s", (text, html) => {
  expect(render(<Prose text={text} />).container.innerHTML).toBe(html);
});
