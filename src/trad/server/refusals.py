"""A request that is refused before it reaches a route."""

from collections.abc import Mapping


class Refused(Exception):
    """Carries what becomes the problem document; it never leaves the guard.

    Args:
        status: The HTTP status.
        kind: The last part of the document's `type`.
        detail: What is wrong and what to do.
        headers: More headers for the answer.
    """

    def __init__(self, status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.headers = dict(headers or {})
