"""HTTP by hand: a connection on which a test sends whatever bytes it likes, and reads what comes back."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

_ANSWER_LIMIT_S = 30


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  as it is
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Connection:
    """An open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, raw: bytes) -> None:
        """Send bytes; where the other side has gone, nothing is sent."""
        with contextlib.suppress(ConnectionError):
            self.writer.write(raw)
            await self.writer.drain()

    async def answer(self, *, head_only: bool = False) -> Answer:
        """Read one answer; interim ones (1xx) are answers too."""
        async with asyncio.timeout(_ANSWER_LIMIT_S):
            first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
            length = 0 if head_only else int(headers.get("content-length", 0))
            return Answer(status=int(first.split()[1]), headers=headers, body=await self.reader.readexactly(length))

    async def ended(self, *, limit_s: float = _ANSWER_LIMIT_S) -> bool:
        """Wait until the other side ends the connection; tell whether it says no more before it does."""
        async with asyncio.timeout(limit_s):
            with contextlib.suppress(ConnectionError):
                return not await self.reader.read()
        return True


@contextlib.asynccontextmanager
async def connected(port: int, *, receive_size: int | None = None) -> AsyncGenerator[Connection]:
    """Open a connection to a port on this machine. `receive_size`: read ahead so many bytes at most."""
    limits = {} if receive_size is None else {"limit": receive_size}
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **limits)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def request(target: str, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
    """A request as it should be, with a length where there is a body."""
    lengths = [f"Content-Length: {len(body)}"] if body else []
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *headers, *lengths, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
