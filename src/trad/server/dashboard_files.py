"""The built dashboard, as files: the same for everybody, so that it can say how to log in."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from trad.server.headers import ASSETS, is_user_data
from trad.server.pages import page
from trad.server.problems import ProblemResponse

FOLDER = Path(__file__).parent / "static"
"""Where a build of the dashboard puts its files."""

_INDEX = "index.html"


class DashboardFiles:
    """Answers every path that is not the API's; only the API's reach the app inside.

    A page that is no file is one of the dashboard's own views, and gets its shell. Links in the folder
    that lead out of it are not followed.
    """

    def __init__(self, app: ASGIApp, folder: Path = FOLDER) -> None:
        self._app = app
        self._folder = folder
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file, or pass the request on."""
        if scope["type"] != "http" or is_user_data(scope["path"]):
            await self._app(scope, receive, send)
            return
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return ProblemResponse(
                405, "method", "the dashboard's files can only be read", headers={"Allow": "GET, HEAD"}
            )
        if not (self._folder / _INDEX).is_file():
            return _unbuilt(scope)
        name = self._files.get_path(scope)
        found = await self._file(name, scope)
        if found is None and _is_view(scope):
            found = await self._file(_INDEX, scope)
        return found or _nothing(scope)

    async def _file(self, name: str, scope: Scope) -> Response | None:
        try:
            return await self._files.get_response(name, scope)
        except HTTPException:
            return None


def _is_view(scope: Scope) -> bool:
    """Whether a browser asks for a page, not for a file that a page is made of."""
    wants = Headers(scope=scope).get("accept", "")
    return scope["path"] == "/" or ("text/html" in wants and not scope["path"].startswith(ASSETS))


def _unbuilt(scope: Scope) -> Response:
    if scope["path"] != "/":
        return _nothing(scope)
    return page(
        "Trad runs",
        "The API answers under `/api`; it is described at `/api/openapi.json`.",
        "The dashboard is not part of this installation. It is built together with the package: in Trad's "
        "source folder run `make dashboard`, or install it again with `pip install .`, and reload this page.",
        "Until then `trad jobs list` and `trad jobs watch ID` show the same in a terminal.",
    )


def _nothing(scope: Scope) -> Response:
    return ProblemResponse(
        404, "not-found", f"there is nothing at {scope['path'][:200]}; the API is under /api"
    )
