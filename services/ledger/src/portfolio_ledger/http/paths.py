"""The door as an application: its paths, and the documents that describe it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from importlib import metadata
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portfolio_ledger.http import openapi, problems
from portfolio_ledger.http.asyncapi import AsyncApi
from portfolio_ledger.http.events import Door
from portfolio_ledger.http.health import Health
from portfolio_ledger.http.lookup import Lookup
from portfolio_schemas import pages

Handler = Callable[[Request], Awaitable[Response]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class _RawRoute(APIRoute):
    """A route whose handler gets the request as it is: nothing is parsed or validated twice."""

    def get_route_handler(self) -> Any:  # noqa: ANN401  as FastAPI declares it, more or less
        return self.endpoint


def application(door: Door, lookup: Lookup, health: Health, asyncapi: AsyncApi, *, lifespan: Lifespan) -> FastAPI:
    """Return the application."""
    app = FastAPI(
        title="Portfolio ledger",
        version=metadata.version("portfolio-ledger"),
        summary="Takes events about initiatives and products, judges each once, and records its verdict.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own page comes from the network, ours does not
        redoc_url=None,
        redirect_slashes=False,
    )
    problems.install(app)
    paths: list[tuple[str, str, Handler]] = [
        ("POST", "/events", door.post),
        ("GET", "/receipts", lookup.get),
        ("GET", "/asyncapi", asyncapi.get),
        ("GET", "/health/live", health.live),
        ("GET", "/health/ready", health.ready),
        ("GET", "/metrics", health.metrics),
    ]
    for method, path, handler in paths:
        app.router.add_api_route(
            path, handler, methods=[method], response_model=None, response_class=Response, route_class_override=_RawRoute
        )
    app.openapi = partial(openapi.document, app)

    async def docs(_: Request) -> Response:
        return HTMLResponse(pages.of_openapi(app.openapi()), headers=pages.HEADERS)

    app.router.add_route("/docs", docs, include_in_schema=False)
    return app
