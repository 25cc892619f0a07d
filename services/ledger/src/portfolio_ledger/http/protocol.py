"""The HTTP protocol of the server, with limits while the head of a request comes in: the server itself has none."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from portfolio_ledger.http import problems
from portfolio_ledger.http.problems import Problem

HEAD_SIZE_MAX = 64 * 1024
"""Bytes of a request's head, beyond which it is not even read. What is below meets the guard, which says more."""

HEAD_SECONDS_MAX = 10.0


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is closed when a head is too large, or does not come to its end in time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  what the server makes a protocol with
        super().__init__(*arguments, **named)
        self._in_head = True
        self._head_size = 0
        self._head_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the class above
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._head_deadline = self.loop.call_later(HEAD_SECONDS_MAX, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes while a head is incomplete."""
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > HEAD_SIZE_MAX:
            self._refuse(Problem("HEADERS_TOO_LARGE", f"The head of a request has at most {HEAD_SIZE_MAX} bytes.", status=431))

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._in_head = True
        self._head_size = 0
        if self._head_deadline is None:
            self._head_deadline = self.loop.call_later(HEAD_SECONDS_MAX, self._give_up)

    def on_headers_complete(self) -> None:
        """End a head; the guard reads the body, with its own limits."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _give_up(self) -> None:
        self._head_deadline = None
        if self._in_head:
            self._refuse(Problem("TIMEOUT", f"The head of the request did not come within {HEAD_SECONDS_MAX:g} s.", status=408))

    def _refuse(self, problem: Problem) -> None:
        if self.transport.is_closing():
            return
        response = problems.respond(problem)
        head = f"HTTP/1.1 {problem.status} {problems.title(problem.status)}\r\nconnection: close\r\n".encode()
        headers = b"".join(name + b": " + value + b"\r\n" for name, value in response.raw_headers)
        self.transport.write(head + headers + b"\r\n" + bytes(response.body))
        self.transport.close()

    def _stop_waiting(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None
