"""Server-sent events: pages of events to a client that may be slow, silent, or gone."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Any, Protocol

from fastapi import Response
from starlette.types import Receive, Scope, Send

from portfolio_projector import sessions
from portfolio_projector.http.problems import Problem, response

HEARTBEAT_SECONDS = 15.0
SEND_SECONDS_MAX = 30.0
STREAMS_MAX = 200


class Source(Protocol):
    """What a stream sends: pages of (number, bytes without a line break); an empty page says that all there is was sent."""

    def pages(self) -> AsyncGenerator[Sequence[tuple[int, bytes]]]:
        """Give page after page, waiting for news in between."""
        ...


class Streams:
    """The open streams of this process; all end when it is closing."""

    def __init__(self, closing: asyncio.Event) -> None:
        self.open = 0
        self.closing = closing


class EventStream(Response):
    """An answer that goes on until the client leaves, takes nothing for too long, or the service stops."""

    media_type = "text/event-stream"

    def __init__(self, source: Source, streams: Streams) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._source = source
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        if self._streams.open >= STREAMS_MAX:
            problem = Problem(503, "TOO_MANY_STREAMS", f"There are {STREAMS_MAX} open streams already; try again later.")
            await response(problem)(scope, receive, send)
            return
        self._streams.open += 1
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            tasks: list[asyncio.Future[Any]] = [
                asyncio.ensure_future(self._send_events(send)),
                asyncio.ensure_future(_until_gone(receive)),
                asyncio.ensure_future(self._streams.closing.wait()),
            ]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._streams.open -= 1

    async def _send_events(self, send: Send) -> None:
        """Send until the source fails or the client takes nothing for too long: it comes back with its last id."""
        await _send(send, b"retry: 1000\n\n")
        with contextlib.suppress(TimeoutError, *sessions.UNAVAILABLE):
            async with contextlib.aclosing(self._source.pages()) as pages:
                page = asyncio.ensure_future(anext(pages))
                try:
                    while True:
                        done, _ = await asyncio.wait({page}, timeout=HEARTBEAT_SECONDS)
                        if not done:
                            await _send(send, b": still here\n\n")
                            continue
                        events = page.result()
                        if events:
                            await _send(send, b"".join(b"id: %d\nevent: entry\ndata: %s\n\n" % event for event in events))
                        page = asyncio.ensure_future(anext(pages))
                finally:
                    page.cancel()
                    await asyncio.gather(page, return_exceptions=True)


async def _send(send: Send, body: bytes) -> None:
    async with asyncio.timeout(SEND_SECONDS_MAX):
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
