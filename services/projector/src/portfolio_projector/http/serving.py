"""`projector serve`: the application on a socket, until told to stop."""

import asyncio
import contextlib
from collections.abc import Generator

import structlog
import uvicorn

from portfolio_projector.http import application
from portfolio_projector.settings import ServeSettings

_REQUESTS_AT_ONCE_MAX = 1000
_STOP_SECONDS_MAX = 3

_logger = structlog.get_logger()


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: the entry point has them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def serve(settings: ServeSettings) -> None:
    """Answer reads until cancelled; then end the streams, let what is being answered finish, and close."""
    app = application.create(settings)
    server = _Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=_REQUESTS_AT_ONCE_MAX,
            timeout_graceful_shutdown=_STOP_SECONDS_MAX,
        )
    )
    serving = asyncio.create_task(server.serve())
    try:
        _logger.info("serving", address=f"http://{settings.host}:{settings.port}")
        await asyncio.shield(serving)
    finally:
        app.state.streams.close()
        server.should_exit = True
        await serving
