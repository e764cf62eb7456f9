/**
 * Show control characters of texts from outside, as the terminal does: unseen they could turn the direction
 * of writing round, or hide what a text says. Lines stay lines.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => (char === "\n" ? char : escaped(char)));
}

const TWO_DIGITS = 0xff;
const FOUR_DIGITS = 0xffff;

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code <= TWO_DIGITS) return `\\x${digits.padStart(2, "0")}`;
  return code <= FOUR_DIGITS ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}
