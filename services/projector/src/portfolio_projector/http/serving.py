"""`projector serve`: the application on a socket, until told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import structlog
import uvicorn

from portfolio_projector.http import application
from portfolio_projector.http.guard import Guard
from portfolio_projector.http.protocol import BoundedProtocol
from portfolio_projector.refusals import RefusedToRun
from portfolio_projector.settings import ServeSettings

_STOP_SECONDS_MAX = 3
_BACKLOG = 1024

_logger = structlog.get_logger()


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: the entry point has them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class CannotListen(RefusedToRun):
    """The address cannot be listened on."""


def listen(settings: ServeSettings) -> socket.socket:
    """Return a socket that listens where the settings say; port 0 takes any free one.

    Raises:
        CannotListen: when that cannot be.

    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot(settings, error) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Without it, an answer's body waits for the acknowledgement of its head, 40 ms. Connections inherit it.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _cannot(settings, error) from None
    return listener


def _cannot(settings: ServeSettings, error: OSError) -> CannotListen:
    return CannotListen(f"The address {settings.host}:{settings.port} cannot be listened on: {error.strerror}.")


async def serve(settings: ServeSettings) -> None:
    """Answer reads until cancelled.

    Raises:
        CannotListen: when the address is taken, or is none.

    """
    await serve_on(settings, listen(settings))


async def serve_on(settings: ServeSettings, listener: socket.socket) -> None:
    """Answer reads until cancelled; then end the streams, let what is being answered finish, and close."""
    app = application.create(settings)
    server = _Server(
        uvicorn.Config(
            Guard(app, body_size_max=0),  # type: ignore[arg-type]  # an ASGI application
            http=BoundedProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS_MAX,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        _logger.info("serving", address=f"http://{settings.host}:{listener.getsockname()[1]}")
        await asyncio.shield(serving)
    finally:
        app.state.closing.set()
        server.should_exit = True
        await serving
