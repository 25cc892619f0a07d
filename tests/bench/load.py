"""The load generator, a process of its own that costs little: plain sockets, requests that were written beforehand.

    python -m tests.bench.load batches PORT FILE...         post the lines of each file on a connection of its own, batch by batch
    python -m tests.bench.load singles PORT READ-PORT PAUSE-MS FILE...
                                                            the same, event by event; READ-PORT above 0: read each one back
    python -m tests.bench.load reads PORT PATH CONNECTIONS COUNT
                                                            read one path, again and again

It says `ready`, waits for a line on standard input, and says `end` with what it counted. Times are in milliseconds.
"""

import asyncio
import gc
import itertools
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.processes import say

_WAIT_S = 60
_RECORDED = b'"verdict":"recorded"'
_NOT_YET = (404, 503)
_LOOK_AGAIN_S = 0.2


class Connection(asyncio.Protocol):
    """A keep-alive connection with one request under way."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._waiter: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None
        self._wanted = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Let who waits for an answer know."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(ConnectionError(f"The server closed the connection: {exc}"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the status and the body of the answer."""
        if self._transport is None:
            raise ConnectionError("Not connected.")
        self._waiter = asyncio.get_running_loop().create_future()
        self._wanted = 0
        self._transport.write(request)
        return await self._waiter

    def data_received(self, data: bytes) -> None:
        """Take a part of the answer."""
        received = self._received
        received += data
        if not self._wanted:
            end = received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(received[:end]).lower()
            self._wanted = end + 4 + int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(received) >= self._wanted and self._waiter is not None and not self._waiter.done():
            body = bytes(received[received.find(b"\r\n\r\n") + 4 : self._wanted])
            status = int(received[9:12])
            received.clear()
            self._waiter.set_result((status, body))


async def connect(port: int) -> Connection:
    """Open a connection to a port of this machine."""
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


def post(body: bytes, content: str) -> bytes:
    """Write a request that submits events."""
    head = f"POST /events HTTP/1.1\r\nHost: bench\r\nPrefer: wait={_WAIT_S}\r\nContent-Type: {content}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def get(path: str) -> bytes:
    """Write a request that reads."""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


async def submit(connection: Connection, batch: bytes) -> int:
    """Post a batch and return how many of its events are recorded, those included whose receipts came after the answer."""
    status, body = await connection.ask(post(batch, "application/cloudevents-batch+json"))
    if status not in (200, 202):
        raise RuntimeError(f"{status}: {body[:500]!r}")
    recorded = body.count(_RECORDED)
    if status == 202:
        answer = json.loads(body)
        places = zip(answer["receipts"], answer["submissions"], strict=True)
        late = [await follow(connection, place["location"]) for told, place in places if told is None]
        recorded += sum(receipt["verdict"] == "recorded" for receipt in late)
    return recorded


async def follow(connection: Connection, location: str) -> dict[str, Any]:
    """Follow the link of an answer that came before the receipt, until the receipt is there."""
    while True:
        status, body = await connection.ask(get(location))
        if status == 200:
            return json.loads(body)
        if status not in _NOT_YET:
            raise RuntimeError(f"{location} answered {status}: {body[:500]!r}")
        await asyncio.sleep(_LOOK_AGAIN_S)


async def batches(port: int, files: list[Path]) -> None:
    """Post all lines of all files, those of a file one after the other."""

    async def publish(connection: Connection, lines: Iterator[bytes]) -> tuple[int, int]:
        posted = recorded = 0
        for line in lines:
            posted += 1
            recorded += await submit(connection, line[:-1])
        return posted, recorded

    connections = [await connect(port) for _ in files]
    opened = [file.open("rb") for file in files]
    await _until_told()
    began = time.perf_counter()
    counts = await asyncio.gather(*(publish(one, iter(lines)) for one, lines in zip(connections, opened, strict=True)))
    say("end", seconds=time.perf_counter() - began, recorded=sum(recorded for _, recorded in counts))


async def singles(port: int, read_port: int, pause_ms: float, files: list[Path]) -> None:
    """Post event by event, a client for each file, and read each back where there is a port to read from."""
    to_receipt, to_visible = list[float](), list[float]()

    async def publish(lines: list[bytes], writes: Connection, reads: Connection | None) -> None:
        for line in lines:
            began = time.perf_counter()
            status, body = await writes.ask(post(line[:-1], "application/cloudevents+json"))
            if status not in (201, 202):
                raise RuntimeError(f"{status}: {body[:500]!r}")
            receipt = json.loads(body)
            if status == 202:
                receipt = await follow(writes, receipt["location"])
            received = time.perf_counter()
            to_receipt.append((received - began) * 1000)
            if reads is not None:
                path = f"/portfolios/{receipt['portfolio']}/entries?from={receipt['entry']}&limit=1&min_entry={receipt['entry']}"
                asked = time.perf_counter()
                status, body = await reads.ask(get(path))
                if status != 200:
                    raise RuntimeError(f"{status}: {body[:500]!r}")
                to_visible.append((time.perf_counter() - asked) * 1000)
            if pause_ms:
                await asyncio.sleep(pause_ms / 1000)

    clients = [
        (file.read_bytes().splitlines(keepends=True), await connect(port), await connect(read_port) if read_port else None)
        for file in files
    ]
    await _until_told()
    await asyncio.gather(*(publish(*client) for client in clients))
    say("end", **_percentiles("receipt", to_receipt), **_percentiles("visible", to_visible))


async def reads(port: int, path: str, connections: int, count: int) -> None:
    """Read one path so many times; `NUMBER` in it is another number each time."""
    opened = [await connect(port) for _ in range(connections)]
    requests = [get(path.replace("NUMBER", str(number))) for number in range(count if "NUMBER" in path else 1)]
    times = list[float]()
    numbers = itertools.count()

    async def read(connection: Connection) -> None:
        for _ in range(count // connections):
            request = requests[next(numbers) % len(requests)]
            began = time.perf_counter()
            status, body = await connection.ask(request)
            if status != 200:
                raise RuntimeError(f"{status}: {body[:500]!r}")
            times.append((time.perf_counter() - began) * 1000)

    await _until_told()
    began = time.perf_counter()
    await asyncio.gather(*map(read, opened))
    say("end", done=len(times), seconds=time.perf_counter() - began, **_percentiles("read", times))


async def _until_told() -> None:
    gc.collect()
    gc.freeze()
    say("ready")
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def _percentiles(name: str, times: list[float]) -> dict[str, float]:
    if not times:
        return {}
    ordered = sorted(times)
    return {f"{name}_p{p}": ordered[min(int(len(ordered) * p / 100), len(ordered) - 1)] for p in (50, 99)}


def main(mode: str, port: str, *rest: str) -> None:
    """Run one of the three."""
    match mode:
        case "batches":
            asyncio.run(batches(int(port), [Path(file) for file in rest]))
        case "singles":
            asyncio.run(singles(int(port), int(rest[0]), float(rest[1]), [Path(file) for file in rest[2:]]))
        case "reads":
            asyncio.run(reads(int(port), rest[0], int(rest[1]), int(rest[2])))
        case _:
            sys.exit(f"load: there is no {mode}")


if __name__ == "__main__":
    main(*sys.argv[1:])
