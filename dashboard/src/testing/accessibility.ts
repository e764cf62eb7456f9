import axe from "axe-core";
import { expect } from "vitest";

/** Expect that axe finds nothing; contrast needs a real browser and is checked there. */
export async function expectAccessible(element: Element): Promise<void> {
  const found = await axe.run(element, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(
    found.violations.map((entry) => `${entry.id}: ${entry.nodes.map((node) => node.html).join(" ")}`),
  ).toEqual([]);
}
