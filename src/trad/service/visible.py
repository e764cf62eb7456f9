"""Text from outside, made harmless for whoever reads it in a terminal, a log or a stream."""


def visible(text: str) -> str:
    """Show control characters of names and messages, so that they command no terminal; lines stay lines."""
    return "".join(c if c == "\n" or c.isprintable() else repr(c)[1:-1] for c in text)
