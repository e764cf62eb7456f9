"""The edge of the program: what becomes of requests that fit nothing, and of errors that nobody foresaw."""

import traceback

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trad.errors import TradError
from trad.server.problems import ProblemResponse, Refusal, problem_of
from trad.server.validation import validation_problem

logger = structlog.stdlib.get_logger("trad.server")

_KINDS = {
    400: "unreadable",
    404: "not-found",
    405: "method",
    413: "too-large",
    415: "media-type",
    429: "too-many",
}


class UnforeseenErrors:
    """Answers 500 to what no handler took, with nothing of the program's inside in it, and logs it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and take what it raises."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # the edge of a request: the server goes on
            _log(error, scope.get("method"), scope.get("path"))
            if begun or scope["type"] != "http":
                raise
            await _unforeseen()(scope, receive, send)


def _log(error: Exception, method: object, path: object) -> None:
    # Written out here: values of variables, which some renderers add, may be secrets.
    trace = "".join(traceback.format_exception(error))
    logger.error("request failed", method=method, path=path, error=repr(error), trace=trace)


def _unforeseen() -> ProblemResponse:
    return ProblemResponse(500, "failed", "the program failed at this request; its log says how")


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_middleware(UnforeseenErrors)
    app.add_exception_handler(TradError, _trad_error)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)


async def _trad_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, TradError)
    answer = problem_of(error)
    if answer is None:
        _log(error, request.method, request.url.path)
        return _unforeseen()
    return answer


async def _refused(request: Request, error: Exception) -> ProblemResponse:  # noqa: ARG001 - a handler's shape
    assert isinstance(error, Refusal)
    return error.response


async def _invalid(request: Request, error: Exception) -> ProblemResponse:  # noqa: ARG001 - a handler's shape
    assert isinstance(error, RequestValidationError)
    return validation_problem(error.errors())


async def _http_error(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if error.status_code == 404:
        detail = f"there is nothing at {request.url.path[:200]}; the API is described at /api/openapi.json"
    elif error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "other methods")
        detail = f"{request.method[:20]} is not what {request.url.path[:200]} takes; it takes {allowed}"
    kind = _KINDS.get(error.status_code, "refused")
    return ProblemResponse(error.status_code, kind, detail, headers=error.headers)
