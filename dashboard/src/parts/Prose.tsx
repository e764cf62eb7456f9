/** Words of the service as a sentence: it begins large, and what stands between backquotes is a command. */
export function Prose({ text }: { readonly text: string }) {
  const parts = (text.charAt(0).toUpperCase() + text.slice(1)).split("`");
  // An odd backquote out belongs to the text.
  if (parts.length % 2 === 0) return text;
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
