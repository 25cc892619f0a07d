"""A wire to a service on which things go wrong as a test says: each connection carries one request and what becomes of it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_BLOCK = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What happens to a request. `status`: answered so, and not passed on. `header`: passed on with this one added.

    `bytes_max`: so much of the answer comes through, then the wire is cut. `held`: there is no answer.
    """

    status: str | None = None
    header: str | None = None
    bytes_max: int | None = None
    held: bool = False


THROUGH = Fate()
CUT = Fate(bytes_max=0)


@dataclass(kw_only=True)
class Wire:
    """A running wire. `fate` is asked for each request, by its first line; `bodies` are what was sent, in order."""

    target: str
    fate: Callable[[str], Fate]
    address: str = ""
    lines: list[str] = field(default_factory=list[str])
    bodies: list[bytes] = field(default_factory=list[bytes])
    carrying: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what comes on a connection."""
        task = asyncio.get_running_loop().create_task(self._carry(reader, writer))
        self.carrying.add(task)
        task.add_done_callback(self.carrying.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            line = head.partition(b"\r\n")[0].decode()
            fate = self.fate(line)
            self.lines.append(line)
            self.bodies.append(body)
            if fate.held:
                await reader.read()  # until whoever asked has gone
            elif fate.status is not None:
                writer.write(f"HTTP/1.1 {fate.status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
            else:
                await self._pass_on(head, body, fate, writer)

    async def _pass_on(self, head: bytes, body: bytes, fate: Fate, writer: asyncio.StreamWriter) -> None:
        place = urlsplit(self.target)
        kept = [line for line in head.removesuffix(b"\r\n\r\n").split(b"\r\n") if not line.lower().startswith(b"connection:")]
        kept.append(b"Connection: close")
        if fate.header is not None:
            kept.append(fate.header.encode())
        upstream, sending = await asyncio.open_connection(place.hostname, place.port)
        with contextlib.closing(sending):
            sending.write(b"\r\n".join(kept) + b"\r\n\r\n" + body)
            left = fate.bytes_max
            while block := await upstream.read(_BLOCK):
                part = block if left is None else block[:left]
                writer.write(part)
                await writer.drain()
                if left is not None and (left := left - len(part)) == 0:
                    return


@contextlib.asynccontextmanager
async def to(target: str, fate: Callable[[str], Fate]) -> AsyncGenerator[Wire]:
    """Run a wire to the service at an address."""
    wire = Wire(target=target, fate=fate)
    server = await asyncio.start_server(wire.connected, "127.0.0.1", 0)
    wire.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        for task in tuple(wire.carrying):
            task.cancel()
        await asyncio.gather(*wire.carrying, return_exceptions=True)


def in_turn(*fates: Fate) -> Callable[[str], Fate]:
    """Give these fates to the POSTs (or, where there are none, the GETs) in their order; all later requests go through."""
    waiting = list(fates)

    def fate(_line: str) -> Fate:
        return waiting.pop(0) if waiting else THROUGH

    return fate


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
