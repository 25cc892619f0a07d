"""The guard in front of the application: bodies come whole, in time and within limits, and HEAD is answered as GET is."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from typing import Any

from portfolio_projector.http import heads
from portfolio_projector.http.heads import Refused
from portfolio_projector.http.protocol import LINGER_SECONDS

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SECONDS_MAX = 10.0
HELD_SIZE_MAX = 64 * 1024 * 1024


class Guard:
    """Wraps an ASGI application: it sees bodies that are complete.

    `body_size_max`: bytes of one body, 0 where the application takes none. `held_size_max`: bytes of all bodies that are being
    read or answered.
    """

    def __init__(
        self,
        application: Application,
        *,
        body_size_max: int,
        held_size_max: int = HELD_SIZE_MAX,
        body_seconds_max: float = BODY_SECONDS_MAX,
    ) -> None:
        self._application = application
        self._body_size_max = body_size_max
        self._held_size_max = held_size_max
        self._body_seconds_max = body_seconds_max
        self._held_size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        length = heads.length(scope["headers"])
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        if length == 0:
            await self._application(scope, receive, send)
            return
        try:
            with self._holding() as hold:
                body = await self._read_body(length, receive, hold)
                if body is not None:
                    await self._application(scope, _Replay(body, receive), send)
        except Refused as error:
            refused = error.with_traceback(None)  # which holds what was read
        else:
            return
        await _refuse(refused, receive, send)

    @contextlib.contextmanager
    def _holding(self) -> Generator[Callable[[int], None]]:
        """Count what one request adds to the bytes that are held, until it is answered."""
        mine = 0

        def hold(size: int) -> None:
            nonlocal mine
            mine += size
            self._held_size += size
            if self._held_size > self._held_size_max:
                raise Refused(429, "TOO_MANY_WAITING", "Too much is being read and answered at the moment; try again.")

        try:
            yield hold
        finally:
            self._held_size -= mine

    async def _read_body(self, length: int | None, receive: Receive, hold: Callable[[int], None]) -> bytes | None:
        """Read the body; return None when the client went away."""
        if self._body_size_max == 0:
            raise Refused(413, "NO_BODY", "Requests have no body here.")
        if length is not None and length > self._body_size_max:
            raise self._too_large()
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
                    if size > self._body_size_max:
                        raise self._too_large()
                    hold(len(part))
                    if not message.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError:
            raise Refused(408, "TIMEOUT", f"The body did not come within {self._body_seconds_max:g} s.") from None

    def _too_large(self) -> Refused:
        return Refused(413, "TOO_LARGE", f"A body has at most {self._body_size_max} bytes.")


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


def _without_body(send: Send) -> Send:
    """Send what GET would, up to the body: an answer that goes on and on ends there."""
    ended = False

    async def send_head(message: Message) -> None:
        nonlocal ended
        if message["type"] == "http.response.start":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return send_head


async def _refuse(refused: Refused, receive: Receive, send: Send) -> None:
    """Answer with a refusal, and throw away for a while what still comes: closed at once, the client would never read it."""
    await send({"type": "http.response.start", "status": refused.status, "headers": refused.headers})
    await send({"type": "http.response.body", "body": refused.body, "more_body": True})
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while (await receive()).get("more_body", False):
                pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})
