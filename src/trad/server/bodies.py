"""Bodies of requests: JSON, small, and read in full before a route begins."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from trad.server.refusals import Refused

MOST_BYTES = 256 * 1024
READING_SECONDS = 10.0
"""How long a client may take to send a body."""


async def held_body(scope: Scope, receive: Receive, *, patience: float = READING_SECONDS) -> Receive:
    """Read the request's body, if it has one; return what hands it on, and then what follows it.

    Raises:
        Refused: It is not JSON, is longer than 256 kB, or comes too slowly.
    """
    headers = Headers(scope=scope)
    length = headers.get("content-length")
    if "transfer-encoding" not in headers and length in (None, "0"):
        return receive
    if length is not None and (not length.isascii() or not length.isdecimal() or int(length) > MOST_BYTES):
        raise _too_large()
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(
            415,
            "media-type",
            f"the body's Content-Type was {media_type[:100]!r}; it must be application/json",
        )
    try:
        body = await asyncio.wait_for(_read(receive), patience)
    except TimeoutError:
        raise Refused(
            408,
            "slow",
            f"the body did not arrive within {patience:g} s; send it again",
            {"Connection": "close"},
        ) from None
    held: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def hand_on() -> Message:
        return held.pop() if held else await receive()

    return hand_on


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "body", "the client went away before its request was complete")
        part = message.get("body", b"")
        length += len(part)
        if length > MOST_BYTES:
            raise _too_large()
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large() -> Refused:
    return Refused(
        413,
        "too-large",
        f"the body is longer than {MOST_BYTES:,} bytes, the most that is taken",
        {"Connection": "close"},
    )
