"""The headers that every answer carries, whatever it is an answer to."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline and nothing from elsewhere: a name that slips into a page as markup does nothing."""

_ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

ASSETS = "/assets/"
"""Built files whose names hold a hash of their content: they never change."""

_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "no-cache"
_NEVER_KEPT = "no-store"


class SecurityHeaders:
    """Sets the headers on every answer of the app inside, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what starts its answer goes out with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers[name] = value
                headers["cache-control"] = _cache_control(scope["path"], message["status"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _cache_control(path: str, status: int) -> str:
    if is_user_data(path):
        return _NEVER_KEPT
    return _KEPT if path.startswith(ASSETS) and status in (200, 206, 304) else _ASKED_AGAIN


def is_user_data(path: str) -> bool:
    """Whether a path belongs to the API or the login; the rest is the dashboard's files, alike for all."""
    return path in ("/api", "/login") or path.startswith(("/api/", "/login/"))
