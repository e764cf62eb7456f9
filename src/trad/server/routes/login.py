"""How a browser gets its session, and loses it."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from trad.server.gate import LINK_MINUTES, Gate
from trad.server.guard import LOGIN_PATH, client_of
from trad.server.pages import page
from trad.server.problems import ProblemResponse, documented
from trad.server.state import State

router = APIRouter(tags=["service"])

_WORN_OUT = (
    f"This login link holds no longer: it was used, is older than {LINK_MINUTES} minutes, or is from before "
    f"the server's start. Make a new one, on the machine that the server runs on: `trad serve --link`"
)


@router.get(LOGIN_PATH, include_in_schema=False)
async def login(request: Request, state: State) -> Response:
    """Use up the code of a login link: begin a session, and go on to the dashboard."""
    gate = state.gate
    if gate is None:
        return ProblemResponse(404, "not-found", "this server has no gate, so there is nothing to log in to")
    cookie = gate.login(request.query_params.get("code", ""))
    if cookie is not None:
        return _onward({"Set-Cookie": cookie})
    if gate.session(request.headers.getlist("cookie")) is not None:
        return _onward({})  # the link a second time, in the browser that it let in
    return _refused(request, gate)


def _onward(headers: dict[str, str]) -> Response:
    return RedirectResponse("/", 303, headers)


def _refused(request: Request, gate: Gate) -> Response:
    wait = gate.failures.count(client_of(request.scope))
    if wait is not None:
        return ProblemResponse(
            429,
            "too-many-failures",
            f"this client has sent too many codes that hold no longer; wait {wait} s before the next",
            headers={"Retry-After": str(wait)},
        )
    if "text/html" in request.headers.get("accept", ""):
        return page("Not logged in", _WORN_OUT, status=401)
    return ProblemResponse(401, "unauthenticated", _WORN_OUT, headers={"WWW-Authenticate": "Bearer"})


@router.post("/api/logout", operation_id="logout", status_code=204, responses=documented())
async def logout(state: State) -> Response:
    """End the browser's session: its cookie is taken back. To end all of them, delete the token's file."""
    headers = {} if state.gate is None else {"Set-Cookie": state.gate.logout()}
    return Response(status_code=204, headers=headers)
