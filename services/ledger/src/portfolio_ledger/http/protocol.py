"""The HTTP protocol of the server: limits on connections, on heads while they come in, and on answers that nobody takes.

The server itself has none of them, and answers what it cannot parse with a text of its own.
"""

import asyncio
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from portfolio_ledger.http import heads
from portfolio_ledger.http.heads import Refused

CONNECTIONS_MAX = 800
"""Connections at once: fewer than the 1,024 files that a process may usually have open."""

HEAD_SIZE_MAX = 64 * 1024
"""Bytes of a request's head, beyond which it is not even parsed."""

HEAD_SECONDS_MAX = 10.0
UNTAKEN_SECONDS_MAX = 30.0
"""Seconds in which a client takes nothing of an answer that waits for it."""

LINGER_SECONDS = 2.0
"""Seconds in which what a client still sends after a refusal is thrown away: closed at once, it would never read the answer."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is refused or closed when its client asks for more than its share."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  what the server makes a protocol with
        super().__init__(*arguments, **named)
        self._in_head = True
        self._head_size = self._chunk_size = 0
        self._refused: Refused | None = None
        self.idle_since = self.loop.time()
        self._head_deadline: asyncio.TimerHandle | None = None
        self._untaken_deadline: asyncio.TimerHandle | None = None

    @property
    def answering(self) -> bool:
        """Whether a request waits for the end of its answer."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        return cycle is not None and not cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the class above
        """Begin to wait for the first head; where there are too many connections, the one that idles longest has to go."""
        super().connection_made(transport)
        self._wait_for_head()
        if len(self.connections) <= CONNECTIONS_MAX:
            return
        idle = [one for one in cast("set[BoundedProtocol]", self.connections) if one is not self and not one.answering]
        if idle:
            min(idle, key=lambda one: one.idle_since).abandon()
        else:
            self._refuse(Refused(503, "TOO_MANY_CONNECTIONS", "Too many connections are busy; try again."))

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting_for_head()
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes while a head is incomplete; what comes after a refusal is thrown away."""
        if self._refused is not None:
            return
        self._chunk_size = len(data)
        if self._in_head:
            self._head_size += len(data)
            self._wait_for_head()
        self._unset_keepalive_if_required()
        self._parse(data)
        if self._in_head and self._head_size > HEAD_SIZE_MAX:
            self._refuse(Refused(431, "HEADERS_TOO_LARGE", f"The head of a request has at most {HEAD_SIZE_MAX} bytes."))

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._in_head, self._head_size = True, self._chunk_size
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """End a head."""
        parser: Any = self.parser  # it calls, so it is there
        self._stop_waiting_for_head()
        try:
            heads.check(parser.get_method(), parser.get_http_version(), self.url, self.headers)
        except Refused as refused:
            self._refuse(refused)
            raise
        if not parser.should_upgrade():
            super().on_headers_complete()
            self._in_head = False

    def on_message_complete(self) -> None:
        """End a request, unless it is only now parsed as what it is."""
        if not cast("Any", self.parser).should_upgrade():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next head, unless it came already."""
        self.idle_since = self.loop.time()
        if not self.pipeline and not self._in_head:
            self._in_head, self._head_size = True, 0
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Begin to watch whether the client takes its answer."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop watching."""
        self._stop_watching()
        super().resume_writing()

    def abandon(self) -> None:
        """End at once."""
        self.connections.discard(self)
        self.transport.abort()

    def _parse(self, data: bytes) -> None:
        """Parse what came. An upgrade is passed over, as HTTP has it: the request is parsed once more without it."""
        while data:
            try:
                cast("Any", self.parser).feed_data(data)
                data = b""
            except httptools.HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]
            except httptools.HttpParserError:
                self._refuse(Refused(400, "MALFORMED", "This is not HTTP/1.1 as RFC 9112 has it."))
                data = b""

    def _without_upgrade(self) -> bytes:
        """Begin to parse anew, and return the head that was parsed without its wish: the parser would skip its body."""
        parser: Any = self.parser
        line = b"%b %b HTTP/%b\r\n" % (parser.get_method(), self.url, parser.get_http_version().encode())
        kept = [header for header in self.headers if header[0] != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        return line + b"".join(b"%b: %b\r\n" % header for header in kept) + b"\r\n"

    def _refuse(self, refused: Refused) -> None:
        """Answer with a refusal and end the connection. Whoever waits for answers to earlier requests gets these and no more."""
        if self._refused is not None or self.transport.is_closing():
            return
        self._refused = refused
        self._stop_waiting_for_head()
        self._unset_keepalive_if_required()
        if self.answering and self._in_head:
            self.cycle.keep_alive = False
            return
        if self.answering and (self.pipeline or self.cycle.response_started):
            self.transport.close()
            return
        if self.answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        head = b"HTTP/1.1 %d %b\r\n" % (refused.status, refused.title.encode())
        headers = b"".join(b"%b: %b\r\n" % header for header in refused.headers)
        self.transport.write(head + headers + b"\r\n" + refused.body)
        self.flow.resume_reading()
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _wait_for_head(self) -> None:
        if self._head_deadline is None:
            self._head_deadline = self.loop.call_later(HEAD_SECONDS_MAX, self._give_up)

    def _give_up(self) -> None:
        self._head_deadline = None
        self._refuse(Refused(408, "TIMEOUT", f"The head of the request did not come within {HEAD_SECONDS_MAX:g} s."))

    def _stop_waiting_for_head(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _watch(self, untaken: int) -> None:
        self._untaken_deadline = self.loop.call_later(UNTAKEN_SECONDS_MAX, self._look, untaken)

    def _look(self, untaken_before: int) -> None:
        untaken = self.transport.get_write_buffer_size()
        if untaken < untaken_before:
            self._watch(untaken)
        else:
            self.transport.abort()

    def _stop_watching(self) -> None:
        if self._untaken_deadline is not None:
            self._untaken_deadline.cancel()
            self._untaken_deadline = None
