"""The proxies of the fault suite do what they are told: a fault that does not happen would prove nothing."""

import asyncio
import struct
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tests import waiting
from tests.faults.proxies import Fate, Message, Proxy, strike

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
PRODUCE, FETCH = 0, 1


@asynccontextmanager
async def server(serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncGenerator[int]:
    """Something behind the proxy, on a port."""
    writers = list[asyncio.StreamWriter]()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await serve(reader, writer)

    listening = await asyncio.start_server(accepted, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for writer in writers:
            writer.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say again what is said, until nothing is; then a last word."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.write(b"bye")
    writer.close()


@asynccontextmanager
async def through(port: int, *, kafka: bool = False) -> AsyncGenerator[tuple[Proxy, Streams]]:
    """A proxy before a port, and a connection through it."""
    proxy = Proxy("test", kafka=kafka)
    await proxy.start()
    proxy.lead_to(port)
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        async with asyncio.timeout(20):
            yield proxy, (reader, writer)
    finally:
        writer.transport.abort()
        await proxy.close()


async def is_cut(reader: asyncio.StreamReader) -> bool:
    """Whether nothing comes any more, without a word."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


def frame(api: int, correlation: int, topic: bytes) -> bytes:
    """A request of Kafka's, as far as proxies look into it."""
    body = struct.pack(">hhi", api, 9, correlation) + b"\x00\x04test" + topic
    return struct.pack(">i", len(body)) + body


async def answer_requests(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer each frame with its correlation."""
    while True:
        try:
            size = struct.unpack(">i", await reader.readexactly(4))[0]
        except asyncio.IncompleteReadError:
            return
        body = await reader.readexactly(size)
        writer.write(struct.pack(">i", 4) + body[4:8])


async def test_an_ordinary_proxy_passes_everything_on():
    """Both ways, whole, also what is said after the other side said that it is done."""
    async with server(echo) as port, through(port) as (proxy, (reader, writer)):
        said = bytes(range(256)) * 8192
        sending = asyncio.ensure_future(_send(writer, said))
        assert await reader.readexactly(len(said)) == said
        await sending
        assert len(proxy.links) == 1
        writer.write_eof()
        assert await reader.read() == b"bye"


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def test_last_words_are_heard_by_who_is_slow():
    """A server that answers and goes leaves its whole answer behind."""
    words = b"x" * 8_000_000

    async def answer_and_go(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(words)
        writer.close()

    async with server(answer_and_go) as port, through(port) as (_, (reader, writer)):
        writer.write(b"?")
        heard = b""
        while part := await reader.read(20_000):
            heard += part
        assert heard == words


async def test_a_cut_ends_both_sides_at_once():
    """Without a word; a new connection is an ordinary one."""
    ended = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        assert await is_cut(reader)
        ended.set()

    async with server(listen) as port, through(port) as (proxy, (reader, _)):
        assert await reader.readexactly(5) == b"hello"
        proxy.cut()
        assert await is_cut(reader)
        await ended.wait()
        again, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        assert await again.readexactly(5) == b"hello"
        writer.transport.abort()


async def test_what_is_held_comes_when_it_is_healed_though_its_sender_is_gone():
    """As networks do it: the other side hears it when it thinks that nobody will say it any more."""
    heard = list[bytes]()

    async def listen(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            heard.append(data)

    async with server(listen) as port, through(port) as (proxy, (_, writer)):
        writer.write(b"first")
        await waiting.until(lambda: heard == [b"first"], "the first is heard")
        proxy.hold()
        writer.write(b"second")
        await writer.drain()
        (link,) = proxy.links
        await waiting.until(lambda: not link.client.transport.is_closing(), "held")
        writer.transport.abort()
        late, late_writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        late_writer.write(b"third")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await late.read(1)
        assert heard == [b"first"]
        proxy.heal()
        await waiting.until(lambda: sorted(heard[1:]) == [b"second", b"third"], "what was held is heard")
        late_writer.transport.abort()


async def test_a_slow_proxy_takes_its_time_for_each_message():
    """There and back."""
    async with server(echo) as port, through(port) as (proxy, (reader, writer)):
        proxy.delay_s = 0.2
        began = time.monotonic()
        writer.write(b"slow")
        assert await reader.readexactly(4) == b"slow"
        assert time.monotonic() - began >= 0.4
        proxy.heal()
        assert proxy.delay_s == 0


async def test_a_deaf_link_swallows_what_comes_back():
    """The other side has heard, and nobody hears its answer."""
    async with server(echo) as port, through(port) as (proxy, (reader, writer)):
        writer.write(b"one")
        assert await reader.readexactly(3) == b"one"
        (link,) = proxy.links
        link.deaf = True
        writer.write(b"two")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await reader.read(1)
        link.deaf = False
        writer.write(b"three")
        assert await reader.readexactly(5) == b"three"


async def test_messages_of_kafka_are_seen_whole_with_what_they_answer():
    """However the bytes come: frame by frame, and an answer knows the request to append that it acknowledges."""
    seen = list[tuple[bool, bool, bool, int]]()

    async def watch(message: Message) -> Fate | None:
        seen.append((message.outward, message.produces("ledger"), message.acknowledges("ledger"), len(message.data)))
        return None

    async with server(answer_requests) as port, through(port, kafka=True) as (proxy, (reader, writer)):
        proxy.watch = watch
        produce, other, fetch = frame(PRODUCE, 1, b"ledger"), frame(PRODUCE, 2, b"intake"), frame(FETCH, 3, b"ledger")
        for request in (produce, other, fetch):
            for byte in request:
                writer.write(bytes([byte]))
                await writer.drain()
            await reader.readexactly(8)
    assert seen == [
        (True, True, False, len(produce)),
        (False, False, True, 8),
        (True, False, False, len(other)),
        (False, False, False, 8),
        (True, False, False, len(fetch)),
        (False, False, False, 8),
    ]


@pytest.mark.parametrize("before", [True, False])
async def test_a_strike_at_a_message_decides_its_fate_and_cuts(*, before: bool):
    """Cut before it the other side never hears it, cut behind it does; messages that are not meant pass."""
    heard = list[bytes]()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            heard.append(data)
            writer.write(data)

    async def cut(message: Message) -> Fate:
        return Fate(b"" if before else message.data, cut=True)

    async with server(listen) as port, through(port) as (proxy, (reader, writer)):
        striking = asyncio.ensure_future(strike(proxy, lambda message: message.data == b"now", cut))
        writer.write(b"not yet")
        assert await reader.readexactly(7) == b"not yet"
        writer.write(b"now")
        assert await striking
        assert await is_cut(reader) or not before
        await waiting.until(lambda: heard == ([b"not yet"] if before else [b"not yet", b"now"]), "heard")
        assert proxy.watch is None


async def test_a_strike_says_when_its_moment_never_came():
    """Else a run would count a fault that there was not."""

    async def never(_: Message) -> Fate | None:
        raise AssertionError

    async with server(echo) as port, through(port) as (proxy, (reader, writer)):
        striking = asyncio.ensure_future(strike(proxy, lambda _: False, never, limit_s=0.3))
        writer.write(b"passes")
        assert await reader.readexactly(6) == b"passes"
        assert not await striking
        assert proxy.watch is None
