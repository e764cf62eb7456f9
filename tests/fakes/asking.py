"""Asks an ASGI app as a client would, without a socket."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

HeaderList = Mapping[str, str] | Sequence[tuple[str, str]]


class Client:
    """One client of an app; it follows no redirect and keeps no cookie.

    Args:
        base_url: What the app is asked under; the `Host` header comes from it.
    """

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._base_url = base_url

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: HeaderList | None = None,
        content: bytes | Iterable[bytes] | None = None,
        json: object = None,
        hosts: int = 1,
    ) -> httpx.Response:
        """Send one request and read its whole answer; an error of the app becomes its 500.

        Args:
            hosts: How many `Host` headers there are; without one in `headers` it is the base URL's.
        """
        return asyncio.run(self._request(method, path, headers, content, json, hosts))

    async def _request(
        self,
        method: str,
        path: str,
        headers: HeaderList | None,
        content: bytes | Iterable[bytes] | None,
        json: object,
        hosts: int,
    ) -> httpx.Response:
        app = self._app if hosts else _without_host(self._app)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self._base_url) as client:
            if content is None or isinstance(content, bytes):
                return await client.request(
                    method, path, headers=_sequence(headers), content=content, json=json
                )
            parts = content

            async def stream() -> AsyncIterator[bytes]:
                for part in parts:
                    yield part

            return await client.request(method, path, headers=_sequence(headers), content=stream())

    def get(self, path: str, *, headers: HeaderList | None = None) -> httpx.Response:
        """Send a GET."""
        return self.request("GET", path, headers=headers)

    def post(
        self,
        path: str,
        *,
        headers: HeaderList | None = None,
        content: bytes | Iterable[bytes] | None = None,
        json: object = None,
    ) -> httpx.Response:
        """Send a POST."""
        return self.request("POST", path, headers=headers, content=content, json=json)


def _sequence(headers: HeaderList | None) -> list[tuple[str, str]]:
    if headers is None:
        return []
    return list(headers.items()) if isinstance(headers, Mapping) else list(headers)


def _without_host(app: ASGIApp) -> ASGIApp:
    """Take away the header that the client library always adds."""

    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        await app({**scope, "headers": headers}, receive, send)

    return bare
