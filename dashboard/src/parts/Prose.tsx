import { visible } from "../text/visible";

/** Words of the service as a sentence: it begins large, and what stands between backquotes is a command. */
export function Prose({ text }: { readonly text: string }) {
  const shown = visible(text);
  const parts = (shown.charAt(0).toUpperCase() + shown.slice(1)).split("`");
  // An odd backquote out belongs to the text.
  if (parts.length % 2 === 0) return shown;
  return parts.map((part, place) =>
    place % 2 === 0 ? (
      part
    ) : (
      <code key={place} className="code">
        {part}
      </code>
    ),
  );
}
