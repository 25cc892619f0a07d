"""The door as an application: its paths, and what its OpenAPI document says of them. The handlers take raw bytes."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from portfolio_ledger.http import problems
from portfolio_ledger.http.events import Door
from portfolio_ledger.http.health import Health
from portfolio_ledger.http.lookup import Lookup

Handler = Callable[[Request], Awaitable[Response]]


class RawRoute(APIRoute):
    """A route whose handler gets the request as it is: nothing is parsed or validated twice."""

    def get_route_handler(self) -> Any:  # noqa: ANN401  as FastAPI declares it, more or less
        """Return the handler itself."""
        return self.endpoint


def application(
    door: Door, lookup: Lookup, health: Health, *, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]
) -> FastAPI:
    """Return the application."""
    app = FastAPI(
        title="Portfolio ledger",
        version="1",
        summary="Takes events about initiatives and products, judges each once, and records its verdict.",
        lifespan=lifespan,
        redoc_url=None,
    )
    problems.install(app)
    _add(app, "POST", "/events", door.post)
    _add(app, "GET", "/receipts", lookup.get)
    _add(app, "GET", "/health/live", health.live)
    _add(app, "GET", "/health/ready", health.ready)
    _add(app, "GET", "/metrics", health.metrics)
    return app


def _add(app: FastAPI, method: str, path: str, handler: Handler) -> None:
    app.router.add_api_route(
        path, handler, methods=[method], response_model=None, response_class=Response, route_class_override=RawRoute
    )
