"""Errors as problem documents (RFC 9457): what, the rule, the value found, the remedy."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from trad.errors import (
    ChangedSince,
    DataNotFound,
    InputError,
    InspectionFailed,
    JobBusy,
    JobNotFound,
    LedgerUnavailable,
    StrategyError,
    SubmissionReused,
    TradError,
    TransitionError,
)

MEDIA_TYPE = "application/problem+json"

RETRY_SECONDS = 2
"""After so many seconds a client may ask again what could not be answered for the moment."""

_TYPE = "urn:trad:problem:"
_LONGEST_DETAIL = 2_000
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""What Python calls differently from one version to the next."""

_OF_ERRORS: Sequence[tuple[type[TradError], int, str]] = (
    (JobNotFound, 404, "not-found"),
    (DataNotFound, 404, "not-found"),
    (SubmissionReused, 422, "key-reused"),
    (ChangedSince, 409, "changed-since"),
    (InputError, 422, "invalid"),
    (TransitionError, 409, "state"),
    (JobBusy, 409, "busy"),
    (LedgerUnavailable, 503, "database"),
    (InspectionFailed, 503, "unavailable"),
    (StrategyError, 422, "strategy-failed"),
)
"""Status and kind of each error that a client can do something about; the first that fits counts."""


class FieldProblem(BaseModel):
    """One field of a request that breaks a rule."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(description="Where it stands, such as `body.fee` or `query.limit`.")
    rule: str = Field(description="What is asked of it.")
    value: str | int | float | bool | None = Field(
        description="What was found; long values are cut, structures are written out as text."
    )


class Problem(BaseModel):
    """A problem document, RFC 9457."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "type": f"{_TYPE}invalid",
                    "title": "Unprocessable Content",
                    "status": 422,
                    "detail": "body.fee was 2; it is less than or equal to 0.1",
                    "errors": [{"field": "body.fee", "rule": "less than or equal to 0.1", "value": 2}],
                }
            ]
        },
    )

    type: str = Field(description=f"What kind of problem it is: `{_TYPE}` and a name.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong, the rule, the value found and the remedy.")
    errors: list[FieldProblem] = Field(default=[], description="The fields that break a rule.")


class ProblemResponse(Response):
    """Answers with a problem document.

    Args:
        status: The HTTP status.
        kind: The last part of the document's `type`, such as `not-found`.
        detail: One sentence for people.
        errors: The fields that break a rule.
        headers: More headers.
    """

    media_type = MEDIA_TYPE

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        document = {
            "type": f"{_TYPE}{kind}",
            "title": _TITLES.get(status) or HTTPStatus(status).phrase,
            "status": status,
            "detail": detail[:_LONGEST_DETAIL],
            "errors": [entry.model_dump() for entry in errors],
        }
        # Escaped to ASCII: what a client sent may hold characters that UTF-8 has no bytes for.
        body = json.dumps(document, allow_nan=False, separators=(",", ":")).encode("ascii")
        super().__init__(body, status, headers)


class Refusal(Exception):
    """Ends a route with a problem document; it never leaves the app.

    Args:
        status: The HTTP status.
        kind: The last part of the document's `type`.
        detail: One sentence for people.
        errors: The fields that break a rule.
    """

    def __init__(self, status: int, kind: str, detail: str, *, errors: Sequence[FieldProblem] = ()) -> None:
        super().__init__(detail)
        self.response = ProblemResponse(status, kind, detail, errors=errors, headers=_retry_header(status))


def _retry_header(status: int) -> dict[str, str]:
    return {"Retry-After": str(RETRY_SECONDS)} if status in (429, 503) else {}


def problem_of(error: TradError) -> ProblemResponse | None:
    """Turn an error into its document; None for one that is the program's own affair."""
    for kind_of_error, status, kind in _OF_ERRORS:
        if isinstance(error, kind_of_error):
            return ProblemResponse(status, kind, str(error), headers=_retry_header(status))
    return None


_DESCRIPTIONS = {
    400: "The request cannot be read.",
    401: "No valid token or session came with the request.",
    403: "The request came from another site or under a foreign host name.",
    404: "Nothing has this name.",
    405: "The path does not take this method.",
    409: "The state of things does not allow it.",
    408: "The body did not arrive in time.",
    413: "The body is too large.",
    415: "The body is not `application/json`.",
    422: "Something in the request breaks a rule.",
    429: "There are too many of these at the moment.",
    500: "The program failed; its log says how.",
    503: "The database or the inspector does not answer at the moment.",
}
_EVERYWHERE = (400, 401, 403, 405, 429, 500, 503)
_RETRY = {
    "Retry-After": {
        "description": "Seconds after which the request may be sent again.",
        "schema": {"type": "integer"},
    }
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route may answer with, for `responses=`; those of every route too."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described: dict[int | str, dict[str, Any]] = {}
    for status in sorted({*statuses, *_EVERYWHERE}):
        described[status] = {"description": _DESCRIPTIONS[status], "content": content}
        if status in (429, 503):
            described[status]["headers"] = _RETRY
    return described
