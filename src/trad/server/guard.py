"""What stands before every route: a request that breaks a rule is answered here, and reaches none of them."""

from urllib.parse import parse_qsl

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from trad.server.bodies import held_body
from trad.server.dashboard_files import DashboardFiles
from trad.server.gate import BEARER, Gate
from trad.server.headers import SecurityHeaders, is_user_data
from trad.server.problems import ProblemResponse
from trad.server.refusals import Refused

LOGIN_PATH = "/login"

_SECRET_PARAMETERS = frozenset({"token", "access_token", "bearer", "code"})
_READING = ("GET", "HEAD")

_log = structlog.get_logger("trad.server")


class Guard:
    """Lets a request pass to the app inside only if it keeps every rule; pure ASGI, streams included.

    In this order: a path of this server, an exact `Host`, no secret in the query, no foreign page behind it,
    a token or session (the dashboard's files need none: they hold nobody's data), a body that is JSON and
    small. The session of a request that passes is `scope["state"]["session"]`.
    """

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, and pass it on or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # WebSockets: there are none here, and their handshake knows no same-origin rule.
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        try:
            self._check(scope)
            receive = await held_body(scope, receive)
        except Refused as refused:
            _log.info(
                "request refused",
                status=refused.status,
                method=scope["method"],
                path=scope["path"],
                client=client_of(scope),
                reason=str(refused),
            )
            response = ProblemResponse(refused.status, refused.kind, str(refused), headers=refused.headers)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if not scope["path"].startswith("/"):
            raise Refused(400, "path", "the request names no path of this server; it begins with /")
        host = self._own_host(headers)
        _check_query(scope)
        self._check_page(scope, headers, host)
        if scope["path"] == LOGIN_PATH or _is_for_all(scope):
            return
        scope.setdefault("state", {})["session"] = self._session(scope, headers)

    def _own_host(self, headers: Headers) -> str:
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            raise Refused(400, "host", f"the request has {len(hosts)} Host headers; it needs exactly one")
        if not self._gate.answers_to(hosts[0]):
            raise Refused(
                403,
                "host",
                f"the Host header was {hosts[0][:100]!r}; this server answers to its own address, and to "
                f"names given with `trad serve --allow-host NAME`",
            )
        return hosts[0]

    def _check_page(self, scope: Scope, headers: Headers, host: str) -> None:
        """Refuse what another site's page sends, though the browser may add our cookie to it."""
        if "access-control-request-method" in headers:
            raise Refused(403, "origin", "the request asks whether other sites may use this server; none may")
        origins = headers.getlist("origin")
        if len(origins) > 1 or any(not self._gate.is_own(origin, host) for origin in origins):
            raise Refused(
                403,
                "origin",
                f"the Origin header was {', '.join(origins)[:100]!r}; only this server's own pages may send "
                f"requests from a browser",
            )
        sites = headers.getlist("sec-fetch-site")
        if not _is_for_all(scope) and any(site not in ("same-origin", "none") for site in sites):
            raise Refused(
                403,
                "origin",
                f"the Sec-Fetch-Site header was {', '.join(sites)[:100]!r}; requests come from this server's "
                f"own pages, or from no page; paste a link into the address bar instead of clicking on it",
            )

    def _session(self, scope: Scope, headers: Headers) -> str:
        """Return who asks.

        Raises:
            Refused: No token and no session, or a wrong one.
        """
        given = headers.getlist("authorization")
        if given:
            return self._bearer(scope, given)
        session = self._gate.session(headers.getlist("cookie"))
        if session is None:
            raise Refused(
                401,
                "unauthenticated",
                "the request has no token and no session that still holds; send the token of the server's "
                "home folder as `Authorization: Bearer TOKEN`, or open the link that `trad serve --link` "
                "prints",
                {"WWW-Authenticate": "Bearer"},
            )
        if scope["method"] not in _READING and not (
            "origin" in headers or headers.get("sec-fetch-site") == "same-origin"
        ):
            raise Refused(
                403,
                "origin",
                "the request changes something and has no Origin and no Sec-Fetch-Site header; a browser "
                "sends them, a program sends `Authorization: Bearer TOKEN` instead of a cookie",
            )
        return session

    def _bearer(self, scope: Scope, given: list[str]) -> str:
        scheme, _, token = given[0].partition(" ")
        if len(given) == 1 and scheme.lower() == "bearer" and self._gate.knows(token.strip()):
            return BEARER
        wait = self._gate.failures.count(client_of(scope))
        if wait is not None:
            raise Refused(
                429,
                "too-many-failures",
                f"this client has sent too many wrong tokens; wait {wait} s before another; the right one "
                f"is taken at any time",
                {"Retry-After": str(wait)},
            )
        raise Refused(
            401,
            "unauthenticated",
            "the Authorization header is not `Bearer` and the token in the server's home folder",
            {"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )


def _is_for_all(scope: Scope) -> bool:
    """Whether a request reads the dashboard's files, to which a link on any page may lead."""
    return scope["method"] in _READING and not is_user_data(scope["path"])


def _check_query(scope: Scope) -> None:
    """Refuse secrets in addresses, where histories and logs keep them; a login code holds only once."""
    allowed = {"code"} if scope["path"] == LOGIN_PATH else set()
    for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name.lower() in _SECRET_PARAMETERS - allowed:
            raise Refused(
                400,
                "secret-in-address",
                f"the address has a parameter {name!r}; a token never goes into an address: send it as "
                f"`Authorization: Bearer TOKEN`",
            )


def client_of(scope: Scope) -> str:
    """Name the address that a request comes from."""
    return str(scope["client"][0]) if scope.get("client") else "unknown"


def install(app: FastAPI, gate: Gate) -> None:
    """Put the guard before every route, the dashboard's files behind it, and the headers round it all."""
    app.add_middleware(DashboardFiles)
    app.add_middleware(Guard, gate=gate)
    app.add_middleware(SecurityHeaders)
