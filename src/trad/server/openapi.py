"""The description of the API: everything that a route may answer with, problems and events included."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from trad.server.problems import Problem

PATH = "/api/openapi.json"

_SUMMARY = "Trains trading strategies over historical candles and shows, at every moment, what it is doing."
_DESCRIPTION = """\
Times are ISO 8601 in UTC. Numbers that do not exist are null; none is NaN or infinite. Lists come in pages:
pass `cursor` on until it is null. Errors are problem documents (RFC 9457, `application/problem+json`) whose
`errors` name field, rule and value.

A request carries the token of the server's home folder as `Authorization: Bearer TOKEN`, or the cookie of a
session that a login link began; the address never holds either.
"""
_REFERENCES = "#/components/schemas/{model}"


def described(app: FastAPI, *, cookie: str) -> dict[str, Any]:
    """Describe the app's routes as OpenAPI 3.1.

    Args:
        app: The app with all its routes.
        cookie: The name of the session's cookie.
    """
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=_SUMMARY,
        description=_DESCRIPTION,
        routes=app.routes,
    )
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(_definitions(Problem))
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie},
    }
    document["security"] = [{"token": []}, {"session": []}]
    return document


def _definitions(*models: type[BaseModel]) -> dict[str, Any]:
    """Return the schemas of models that only answers without a model of their own refer to."""
    _, found = models_json_schema([(model, "serialization") for model in models], ref_template=_REFERENCES)
    definitions: dict[str, Any] = found["$defs"]
    return definitions
