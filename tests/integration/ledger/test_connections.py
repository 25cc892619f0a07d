"""Connections that are slow, silent, too many, or half of one: each is ended in its time, and others are served meanwhile.

The server is the ledger's own, around an application of the test; its limits are made small, so that nobody waits for them.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import uvicorn

from portfolio_ledger.http import guard, protocol
from portfolio_ledger.http.guard import Guard, Receive, Send
from portfolio_ledger.http.protocol import BoundedProtocol
from tests import waiting
from tests.sockets import connected, request

BODY_SIZE_MAX = 100_000
LARGE = 20_000_000


class Application:
    """Answers with what it was sent; at /wait when told to, at /large with much."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.asked = list[str]()

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:  # noqa: ANN401  an ASGI scope
        """Answer a request."""
        assert scope["type"] == "http"
        body = (await receive())["body"]
        self.asked.append(scope["path"])
        if scope["path"] == "/wait":
            await self.go_on.wait()
        if scope["path"] == "/large":
            body = b"x" * LARGE
        length = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def application() -> Application:
    """What is asked."""
    return Application()


@pytest.fixture
async def server(application: Application, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[uvicorn.Server]:
    """What serves it."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS_MAX", 0.3)
    monkeypatch.setattr(protocol, "UNTAKEN_SECONDS_MAX", 0.3)
    monkeypatch.setattr(protocol, "LINGER_SECONDS", 0.3)
    monkeypatch.setattr(guard, "LINGER_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "CONNECTIONS_MAX", 5)
    config = uvicorn.Config(
        Guard(application, body_size_max=BODY_SIZE_MAX, body_seconds_max=0.5),  # type: ignore[arg-type]  # an ASGI application
        http=BoundedProtocol, ws="none", lifespan="off", port=0, log_config=None, timeout_keep_alive=30,
    )  # fmt: skip
    server = uvicorn.Server(config)
    monkeypatch.setattr(server, "capture_signals", contextlib.nullcontext)
    serving = asyncio.create_task(server.serve())
    await waiting.until(lambda: server.started, "the server listens")
    yield server
    application.go_on.set()
    server.should_exit = True
    await serving


@pytest.fixture
def port(server: uvicorn.Server) -> int:
    """Where it is served."""
    return server.servers[0].sockets[0].getsockname()[1]


async def test_a_head_that_does_not_come_to_its_end_is_408(port: int):
    """Said nothing, begun, dripping, or only empty lines: the connection ends, before that it hears why."""
    for begun in (b"", b"GET / HT", b"\r\n"):
        async with connected(port) as slow:
            await slow.send(begun)
            answer = await slow.answer()
            assert (answer.status, answer.json()["code"]) == (408, "TIMEOUT")
            assert await slow.ended()


async def test_the_second_head_on_a_connection_has_its_time_too(port: int):
    """An answered connection may idle; once a head begins it has to end."""
    async with connected(port) as slow:
        await slow.send(request("/"))
        assert (await slow.answer()).status == 200
        await slow.send(b"GET / HTTP/1.1\r\nHost:")
        assert (await slow.answer()).status == 408


async def test_a_body_that_does_not_come_to_its_end_is_408(port: int):
    """With a length or in chunks; a body that drips has no more time than one that stalls."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\n"
    for begun in (b"Content-Length: 10\r\n\r\nab", b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"):
        async with connected(port) as slow:
            await slow.send(head + begun)
            assert (await slow.answer()).status == 408
            assert await slow.ended()


async def test_a_client_that_sends_first_and_reads_later_can_read_why_it_was_refused(port: int):
    """The connection is not reset under a refusal while the client is still busy sending."""
    for refused, status in (
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000, 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f000\r\n%b\r\n" % (b"x" * 0xF000) * 40, 413),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 3_000_000, 431),
        (b"nonsense\r\n\r\n" + b"z" * 3_000_000, 400),
    ):
        async with connected(port) as client:
            await client.send(refused)
            assert (await client.answer()).status == status
            assert await client.ended()


async def test_a_chunk_that_is_none_is_400_and_the_application_does_not_see_its_body(port: int, application: Application):
    """Half a body is no body."""
    async with connected(port) as client:
        await client.send(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n")
        assert (await client.answer()).status == 400
        assert await client.ended()
    assert application.asked == []


async def test_half_a_request_is_never_answered_for(port: int, application: Application):
    """A client that leaves in the middle of its body has asked for nothing."""
    async with connected(port) as client:
        await client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    async with connected(port) as client:
        await client.send(request("/next"))
        assert (await client.answer()).status == 200
    assert application.asked == ["/next"]


async def test_answers_are_given_in_the_order_asked(port: int, application: Application):
    """Requests sent without waiting for answers; nonsense behind them ends the connection after what was asked before."""
    async with connected(port) as client:
        await client.send(
            request("/wait", method="POST", body=b"1") + request("/", method="POST", body=b"2") + b"nonsense\r\n\r\n"
        )
        await waiting.until(lambda: application.asked == ["/wait"], "the first is asked")
        application.go_on.set()
        assert [(await client.answer()).body for _ in range(2)] == [b"1", b"2"]
        assert await client.ended()


async def test_who_closes_its_own_half_still_hears_the_answer(port: int):
    """The other half stays open for it."""
    async with connected(port) as client:
        await client.send(request("/", method="POST", body=b"1"))
        client.writer.write_eof()
        assert (await client.answer()).body == b"1"


async def test_an_upgrade_is_passed_over(port: int):
    """As HTTP says: the request is answered as if it had not asked, with its body, and the connection goes on."""
    for upgrade in (("Connection: Upgrade", "Upgrade: websocket"), ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c")):
        async with connected(port) as client:
            for n in range(3):
                await client.send(request("/", *upgrade, method="POST", body=b"%d" % n))
            await client.send(b"".join(request("/", *upgrade, method="POST", body=b"%d" % n) for n in range(3, 6)))
            assert [(await client.answer()).body for _ in range(6)] == [b"0", b"1", b"2", b"3", b"4", b"5"]


async def test_a_body_is_asked_for_only_where_it_is_wanted(port: int):
    """Expect: 100-continue; who would send too much is told at once instead."""
    async with connected(port) as client:
        await client.send(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert (await client.answer()).status == 100
        await client.send(b"ab")
        assert (await client.answer()).body == b"ab"
    async with connected(port) as client:
        await client.send(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n")
        assert (await client.answer()).status == 413


async def test_who_takes_nothing_of_its_answer_is_cut_off(server: uvicorn.Server, port: int):
    """And who takes it slowly is not."""
    async with connected(port, receive_size=1000) as slow:
        async with connected(port, receive_size=1000) as idle:
            for client in (idle, slow):
                await client.send(request("/large"))
            taken = 0

            async def takes() -> bool:
                nonlocal taken
                taken += len(await slow.reader.read(200_000))
                return len(server.server_state.connections) == 1

            await waiting.until(takes, "the one that takes nothing is cut off")
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await idle.answer()
        while taken < LARGE:
            taken += len(await slow.reader.read(1_000_000))


async def test_the_connection_that_idles_longest_makes_room(port: int, application: Application):
    """A flood of silent connections keeps nobody out; connections that are being answered are not touched."""
    async with contextlib.AsyncExitStack() as flood:
        busy = await flood.enter_async_context(connected(port))
        await busy.send(request("/wait"))
        await waiting.until(lambda: application.asked == ["/wait"], "it is being answered")
        silent = [await flood.enter_async_context(connected(port)) for _ in range(10)]
        async with connected(port) as client:
            await client.send(request("/"))
            assert (await client.answer()).status == 200
        assert await silent[0].ended(limit_s=0.2)
        application.go_on.set()
        assert (await busy.answer()).status == 200


async def test_when_all_are_busy_the_next_is_503(port: int, application: Application):
    """With a Retry-After; as soon as one is answered there is room."""
    async with contextlib.AsyncExitStack() as many:
        clients = [await many.enter_async_context(connected(port)) for _ in range(5)]
        for client in clients:
            await client.send(request("/wait"))
        await waiting.until(lambda: len(application.asked) == 5, "all are being answered")
        async with connected(port) as late:
            answer = await late.answer()
            assert (answer.status, answer.json()["code"]) == (503, "TOO_MANY_CONNECTIONS")
            assert int(answer.headers["retry-after"]) > 0
        application.go_on.set()
        assert [(await client.answer()).status for client in clients] == [200] * 5
        async with connected(port) as client:
            await client.send(request("/"))
            assert (await client.answer()).status == 200
