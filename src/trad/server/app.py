"""The app: every route of the API, and its description."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from trad.server import edge, guard, openapi
from trad.server.events import stream
from trad.server.routes import catalog, episodes, health, jobs, login
from trad.server.state import ServerState

ROUTERS = (health.router, catalog.router, jobs.router, episodes.router, stream.router, login.router)

_SESSION_COOKIE = "trad-session"
"""Stands for the cookie's name where no gate gives it one."""


def create_app(state: ServerState) -> FastAPI:
    """Put the app together.

    Its lifespan starts and stops the inspector; whatever else `state` holds is the caller's. With a gate the
    guard stands before every route.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001 - the signal's shape
        state.inspector.start()
        try:
            yield
        finally:
            state.inspector.stop()

    app = _App(
        title="Trad",
        version=state.version,
        openapi_url=openapi.PATH,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=_name_of,
    )
    app.state.trad = state
    edge.install(app)
    for router in ROUTERS:
        app.include_router(router)
    if state.gate is not None:
        guard.install(app, state.gate)
    return app


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            gate = self.state.trad.gate
            cookie = _SESSION_COOKIE if gate is None else gate.cookie_name
            self.openapi_schema = openapi.described(self, cookie=cookie)
        return self.openapi_schema


def _name_of(route: APIRoute) -> str:
    return route.name
