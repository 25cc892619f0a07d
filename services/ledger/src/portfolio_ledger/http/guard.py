"""The guard in front of the application: what HTTP servers let through and this one does not, and limits while a body is read."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from portfolio_ledger.http import problems
from portfolio_ledger.http.problems import Problem
from portfolio_schemas import codes

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SIZE_MAX = 4 * 1024 * 1024
HEADERS_MAX = 64
HEADERS_SIZE_MAX = 16 * 1024
TARGET_SIZE_MAX = 4 * 1024
BODY_SECONDS_MAX = 10.0

_VERSIONS = ("1.0", "1.1")


class Guard:
    """Wraps an ASGI application: it sees only requests whose head is sound, with the whole body, read in time."""

    def __init__(self, application: Application, *, body_seconds_max: float = BODY_SECONDS_MAX) -> None:
        self._application = application
        self._body_seconds_max = body_seconds_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        try:
            _check_head(scope)
            body = await self._read_body(receive)
        except Problem as problem:
            response = problems.respond(problem)
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        if body is None:
            return
        await self._application(scope, _Replay(body, receive), send)

    async def _read_body(self, receive: Receive) -> bytes | None:
        """Read the body; return None when the client went away."""
        parts, size = list[bytes](), 0
        try:
            async with asyncio.timeout(self._body_seconds_max):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    part: bytes = message.get("body", b"")
                    parts.append(part)
                    size += len(part)
                    if size > BODY_SIZE_MAX:
                        raise Problem(codes.TOO_LARGE, f"A body has at most {BODY_SIZE_MAX} bytes.")
                    if not message.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError:
            raise Problem("TIMEOUT", f"The body did not come within {self._body_seconds_max:g} s.", status=408) from None


class _Replay:
    """Gives the application the body that was read, then what the client does next."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _check_head(scope: Scope) -> None:
    if scope["http_version"] not in _VERSIONS:
        raise Problem(codes.MALFORMED, "Speak HTTP/1.1.")
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if len(headers) > HEADERS_MAX or sum(len(name) + len(value) for name, value in headers) > HEADERS_SIZE_MAX:
        detail = f"A request has at most {HEADERS_MAX} headers of {HEADERS_SIZE_MAX} bytes together."
        raise Problem("HEADERS_TOO_LARGE", detail, status=431)
    if len(scope["raw_path"]) + len(scope["query_string"]) > TARGET_SIZE_MAX:
        raise Problem("TARGET_TOO_LONG", f"A path and its query have at most {TARGET_SIZE_MAX} bytes.", status=414)
    lengths = [value for name, value in headers if name == b"content-length"]
    encodings = [value for name, value in headers if name == b"transfer-encoding"]
    if lengths and encodings:
        raise Problem(codes.MALFORMED, "A request has Content-Length or Transfer-Encoding, not both.")
    if len(lengths) > 1 or len(encodings) > 1:
        raise Problem(codes.MALFORMED, "Content-Length or Transfer-Encoding stands twice.")
    if lengths and not (lengths[0].isdigit() and len(lengths[0]) < 16):  # noqa: PLR2004  digits of a length nobody has
        raise Problem(codes.MALFORMED, "Content-Length is no number.")
    if lengths and int(lengths[0]) > BODY_SIZE_MAX:
        raise Problem(codes.TOO_LARGE, f"A body has at most {BODY_SIZE_MAX} bytes.")
