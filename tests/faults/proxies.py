"""Connections that can be made to fail: a proxy on 127.0.0.1 for each client of Kafka, PostgreSQL and the services.

A proxy passes messages on: whole frames of Kafka's protocol, or chunks of bytes as they come. A watcher may look at each and
decide its fate; what is held is delivered later even when its sender is gone by then, as a network does it.
"""

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

PRODUCE = 0

_CHUNK = 64 * 1024
_LAST_WORDS_S = 1.0
_HEAD = 400
"""Bytes of a produce request that surely hold the name of its first topic."""


class Fate(NamedTuple):
    """What becomes of a message: the bytes that go on, and whether the connection is cut then."""

    data: bytes
    cut: bool = False


class Link:
    """One connection through a proxy. `deaf`: what comes back is swallowed from now on."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client = client
        self.server = server
        self.deaf = False
        self.asked = dict[int, bytes]()

    def cut(self) -> None:
        """End it at once, on both sides, without a word."""
        for writer in (self.client, self.server):
            with contextlib.suppress(AttributeError):  # asyncio's own, of a transport that has closed by itself
                writer.transport.abort()


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way: `outward` from client to server; `request` is what it answers, where that is known."""

    link: Link
    outward: bool
    data: bytes
    request: bytes = b""

    def produces(self, topic: str) -> bool:
        """Tell whether this is a request of Kafka's to append to a topic."""
        return self.outward and _appends(self.data, topic)

    def acknowledges(self, topic: str) -> bool:
        """Tell whether this is the answer to one."""
        return not self.outward and _appends(self.request, topic)


Watch = Callable[[Message], Awaitable[Fate | None]]
"""Decides a message's fate; None lets it pass."""


class Proxy:
    """Passes connections on to 127.0.0.1:`upstream`. `port` is where it listens, known after `start`."""

    def __init__(self, name: str, *, kafka: bool = False) -> None:
        self.name = name
        self.upstream = 0
        self.port = 0
        self.watch: Watch | None = None
        self.delay_s = 0.0
        self.links = set[Link]()
        self._kafka = kafka
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._tasks = set[asyncio.Task[None]]()

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def lead_to(self, port: int) -> None:
        """Pass connections on to a port. One that was not started is no detour: whoever wants to go through it goes there."""
        self.upstream = port
        if self._server is None:
            self.port = port

    async def close(self) -> None:
        """Listen no more, and end what is open."""
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Cut every connection."""
        for link in tuple(self.links):
            link.cut()

    def hold(self) -> None:
        """Pass nothing on any more; connections stay open, half of what they were."""
        self._open.clear()

    def heal(self) -> None:
        """Be an ordinary connection again; what was held comes now."""
        self._open.set()
        self.watch, self.delay_s = None, 0.0

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._open.wait()
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            writer.transport.abort()
            return
        except asyncio.CancelledError:
            writer.transport.abort()
            return
        link = Link(writer, to_server)
        self.links.add(link)
        back = asyncio.ensure_future(self._pass(link, from_server, writer, outward=False))
        try:
            await self._pass(link, reader, to_server, outward=True)
        except asyncio.CancelledError:
            link.cut()
        finally:
            with contextlib.suppress(OSError, RuntimeError, asyncio.CancelledError):
                to_server.write_eof()
                await asyncio.wait({back}, timeout=_LAST_WORDS_S)
            back.cancel()
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                writer.close()
                async with asyncio.timeout(_LAST_WORDS_S):
                    await writer.wait_closed()
            link.cut()
            await asyncio.gather(back, return_exceptions=True)
            self.links.discard(link)

    async def _pass(self, link: Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, outward: bool) -> None:
        """Pass one direction on until it ends."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while data := await (_frame(reader) if self._kafka else reader.read(_CHUNK)):
                await self._open.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                message = self._message(link, data, outward=outward)
                fate = await self.watch(message) if self.watch is not None else None
                if link.deaf and not outward:
                    continue
                writer.write(data if fate is None else fate.data)
                await writer.drain()
                if fate is not None and fate.cut:
                    await asyncio.sleep(0)
                    link.cut()
                    return
        if not outward:
            link.client.close()  # once it has all that was said

    def _message(self, link: Link, data: bytes, *, outward: bool) -> Message:
        if not self._kafka:
            return Message(link, outward, data)
        correlation = struct.unpack_from(">i", data, 8 if outward else 4)[0]
        if not outward:
            return Message(link, outward, data, link.asked.pop(correlation, b""))
        if _api(data) == PRODUCE:
            link.asked[correlation] = data[:_HEAD]
        return Message(link, outward, data)


async def strike(
    proxy: Proxy, where: Callable[[Message], bool], do: Callable[[Message], Awaitable[Fate | None]], *, limit_s: float = 20
) -> bool:
    """Do something at the first message that is looked for, and decide its fate; tell whether it came within the limit."""
    struck = asyncio.Event()
    busy = False

    async def watch(message: Message) -> Fate | None:
        nonlocal busy
        if busy or not where(message):
            return None
        busy = True
        try:
            return await do(message)
        finally:
            struck.set()

    proxy.watch = watch
    try:
        async with asyncio.timeout(limit_s):
            await struck.wait()
    except TimeoutError:
        return False
    finally:
        proxy.watch = None
    return True


def _appends(request: bytes, topic: str) -> bool:
    return len(request) > 8 and _api(request) == PRODUCE and topic.encode() in request[:_HEAD]


def _api(request: bytes) -> int:
    return struct.unpack_from(">h", request, 4)[0]


async def _frame(reader: asyncio.StreamReader) -> bytes:
    """Read one frame of Kafka's protocol, with its size; nothing at the end."""
    size = await reader.readexactly(4)
    return size + await reader.readexactly(struct.unpack(">i", size)[0])
