"""What comes in before anything is answered: limits on the head of a request, which the server itself has none of; no bodies."""

import asyncio
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from portfolio_projector.http import problems
from portfolio_projector.http.problems import Problem

HEAD_SIZE_MAX = 64 * 1024
HEAD_SECONDS_MAX = 10.0
HEADERS_MAX = 100


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is closed when a head is too large, or does not come to its end in time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  what the server makes a protocol with
        super().__init__(*arguments, **named)
        self._in_head = True
        self._head_size = self._chunk_size = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the class above
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes while a head is incomplete."""
        self._chunk_size = len(data)
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > HEAD_SIZE_MAX:
            self._refuse(Problem(431, "HEADERS_TOO_LARGE", f"The head of a request has at most {HEAD_SIZE_MAX} bytes."))

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._in_head, self._head_size = True, self._chunk_size
        self._wait()

    def on_headers_complete(self) -> None:
        """End a head."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS_MAX, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._in_head:
            self._refuse(Problem(408, "TIMEOUT", f"The head of the request did not come within {HEAD_SECONDS_MAX:g} s."))

    def _refuse(self, problem: Problem) -> None:
        if self.transport.is_closing():
            return
        answer = problems.response(problem)
        headers = b"".join(b"%s: %s\r\n" % header for header in answer.raw_headers)
        head = f"HTTP/1.1 {problem.status} {problems.title(problem.status)}\r\nconnection: close\r\n".encode()
        self.transport.write(head + headers + b"\r\n" + bytes(answer.body))
        self.transport.close()


class WithoutBodies:
    """Refuses requests that bring a body, which no read takes, and heads that two servers may read in two ways."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        problem = _problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self._application(scope, receive, send)
            return
        answer = problems.response(problem)
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)


def _problem(scope: Scope) -> Problem | None:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(headers) > HEADERS_MAX:
        return Problem(431, "HEADERS_TOO_LARGE", f"A request has at most {HEADERS_MAX} headers.")
    lengths = [value for name, value in headers if name == b"content-length"]
    if any(name == b"transfer-encoding" for name, _ in headers) or any(length.strip() != b"0" for length in lengths):
        return Problem(413, "NO_BODY", "Reads take no body.")
    return None
