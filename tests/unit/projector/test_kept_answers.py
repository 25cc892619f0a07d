"""How much is kept of answers."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Self

import pytest
from starlette.types import Message, Receive, Scope, Send

from portfolio_projector.http import kept
from portfolio_projector.http.kept import Kept, RestsOn
from portfolio_projector.http.moments import UTC_ZONE


class Server:
    """An application that says of all its answers that they rest on one stamp, and counts them."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.worked_out = 0
        self.kept = Kept(self.answer)

    async def answer(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer."""
        self.worked_out += 1
        RestsOn("acme", "stamp", datetime.now(UTC).date(), UTC_ZONE).mark(scope)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b'"x"')]})
        await send({"type": "http.response.body", "body": self.body})

    async def of(self, _portfolio: str) -> str:
        """Return the stamp, as the database would."""
        return "stamp"

    async def ask(self, query: str, headers: Mapping[str, str] | None = None) -> bytes:
        """Ask, and return the body."""
        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
            "app": SimpleNamespace(state=SimpleNamespace(stamps=self)),
        }
        parts = list[bytes]()

        async def send(message: Message) -> None:
            parts.append(message.get("body", b""))

        async def receive() -> Message:
            raise AssertionError

        await self.kept(scope, receive, send)
        return b"".join(parts)


async def test_what_was_asked_for_longest_ago_goes_first():
    """However many questions there are, no more than so much is kept; the one that is asked again and again stays."""
    server = Server(b"x")
    await server.ask("hot")
    for number in range(8000):
        await server.ask(f"cold={number}")
        assert await server.ask("hot") == b"x"
    assert server.worked_out == 8001
    assert server.kept.size <= kept.SIZE_MAX
    await server.ask("cold=7999")
    assert server.worked_out == 8001
    await server.ask("cold=0")
    assert server.worked_out == 8002


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"x" * (kept.ANSWER_SIZE_MAX + 1), {}), (b"x", {"accept": "y" * 4096}), (b"x", {"accept-encoding": "z" * 4096})],
)
async def test_what_is_large_is_not_kept(body: bytes, headers: dict[str, str]):
    """Neither large answers nor long questions: nobody fills the memory with them."""
    server = Server(body)
    for _ in range(2):
        assert await server.ask("q", headers) == body
    assert (server.worked_out, server.kept.size) == (2, 0)


class Failing:
    """A pool of sessions with a database that answers once what nobody expects."""

    def __init__(self) -> None:
        self.answers: list[list[dict[str, str]]] = [[{"portfolio": "acme"}], [{"portfolio": "acme", "stamp": "new"}]]

    def acquire(self, *, timeout: float) -> "Failing":
        """Give a session, which is this one."""
        assert timeout > 0
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give it back."""

    async def fetch(self, *_: object) -> list[dict[str, str]]:
        """Answer."""
        return self.answers.pop(0)


async def test_whoever_asks_for_a_stamp_hears_of_it_whatever_goes_wrong():
    """All who wait hear the error, and the next one is answered: else every read after it would wait for ever."""
    pool: Any = Failing()
    stamps = kept.Stamps(pool, ["entries"])
    async with asyncio.timeout(5):
        heard = await asyncio.gather(stamps.of("acme"), stamps.of("acme"), return_exceptions=True)
        assert [type(one) for one in heard] == [KeyError, KeyError]
        assert await stamps.of("acme") == "new"


async def test_what_is_said_under_another_name_is_another_question():
    """Whoever takes a form of text `gzip`, which there is not, does not get what was packed for somebody who takes the coding."""
    server = Server(b"x")
    for name in ("accept", "accept-encoding"):
        await server.ask("same", {name: "gzip"})
    assert server.worked_out == 2
