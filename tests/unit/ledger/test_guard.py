"""The guard: which bodies the application never sees, the answer that they get, and what HEAD gets."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from portfolio_ledger.http import guard
from portfolio_ledger.http.guard import Guard, Message, Receive, Send
from tests import waiting

Headers = Sequence[tuple[bytes, bytes]]

BODY_SIZE_MAX = 1000
LENGTH = b"content-length"
CHUNKED: Headers = ((b"transfer-encoding", b"chunked"),)


class Application:
    """Answers 200 with what it was sent, in as many pieces as it is told."""

    def __init__(self, pieces: int = 1) -> None:
        self.body: bytes | None = None
        self.method: str | None = None
        self._pieces = pieces

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:  # noqa: ANN401  an ASGI scope
        """Read the body, which comes in one piece."""
        message = await receive()
        assert not message["more_body"]
        self.body, self.method = message["body"], scope["method"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        for n in range(self._pieces):
            await send({"type": "http.response.body", "body": b"hello", "more_body": n + 1 < self._pieces})


@dataclass
class Client:
    """What a client sends, in parts, where None stalls for ever, and what it hears."""

    parts: Iterable[bytes | None] = ()
    headers: Headers = CHUNKED
    method: str = "POST"
    heard: list[Message] = field(default_factory=list[Message])
    taken: int = 0

    async def ask(self, guarded: Guard) -> int | None:
        """Send the request; return the status, None where there is no answer."""
        await guarded({"type": "http", "method": self.method, "headers": list(self.headers)}, self._send, self._hear)
        return self.heard[0]["status"] if self.heard else None

    async def _send(self) -> Message:
        parts = list(self.parts)
        if self.taken == len(parts):
            return {"type": "http.request", "body": b"", "more_body": False}
        part = parts[self.taken]
        if part is None:
            await asyncio.Event().wait()
        self.taken += 1
        return {"type": "http.request", "body": part, "more_body": True}

    async def _hear(self, message: Message) -> None:
        self.heard.append(message)

    @property
    def text(self) -> bytes:
        """The body of the answer."""
        return b"".join(message["body"] for message in self.heard[1:])


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LINGER_SECONDS", 0.05)


def guarded(application: Application, **limits: Any) -> Guard:  # noqa: ANN401  limits are as they are
    """An application behind a guard with small limits."""
    defaults: dict[str, Any] = {"body_size_max": BODY_SIZE_MAX, "body_seconds_max": 0.05}
    return Guard(application, **(defaults | limits))


async def test_a_body_comes_whole():
    """The application gets it in one piece."""
    application = Application()
    assert await Client([b"a", b"", b"b"]).ask(guarded(application)) == 200
    assert application.body == b"ab"


async def test_a_body_that_says_that_it_is_too_large_is_not_read():
    """413, and what is on its way is thrown away."""
    application = Application()
    client = Client([b"x"], headers=[(LENGTH, b"1001")])
    assert await client.ask(guarded(application)) == 413
    assert application.body is None
    assert await Client([b"x" * 1000], headers=[(LENGTH, b"1000")]).ask(guarded(application)) == 200


async def test_a_body_is_not_kept_further_than_its_limit():
    """413 as soon as it is exceeded, also without a length: the client hears it before it has sent all."""
    application = Application()
    piece = b"x" * (BODY_SIZE_MAX // 4)
    assert await Client([piece] * 4).ask(guarded(application)) == 200
    client = Client([*[piece] * 4, b"x", None])
    assert await client.ask(guarded(application)) == 413
    assert json.loads(client.text)["code"] == "TOO_LARGE"


async def test_what_still_comes_after_a_refusal_is_thrown_away():
    """Closed at once, the connection would be reset, and the client would never read why."""
    client = Client([b"x" * 1001, *[b"y" * 1000] * 50])
    assert await client.ask(guarded(Application())) == 413
    assert client.taken == 51
    assert [message.get("more_body") for message in client.heard] == [None, True, False]


async def test_a_body_that_stalls_is_refused():
    """408 after the deadline."""
    application = Application()
    assert await Client([b"a", None]).ask(guarded(application)) == 408
    assert application.body is None


async def test_where_no_body_is_taken_any_is_refused():
    """413, with or without a length; none at all is fine."""
    application = Application()
    for headers in (CHUNKED, [(LENGTH, b"1")]):
        assert await Client([b"x"], headers=headers).ask(guarded(application, body_size_max=0)) == 413
    assert application.body is None
    assert await Client(headers=[(LENGTH, b"0")]).ask(guarded(application, body_size_max=0)) == 200


async def test_bodies_that_are_held_are_bounded_together(monkeypatch: pytest.MonkeyPatch):
    """429 with a Retry-After for the one that exceeds, which holds nothing from then on; there is room for others that fit."""
    application = Application()
    watched = guarded(application, held_size_max=1500, body_seconds_max=60)
    first = asyncio.create_task(Client([b"x" * 1000, None]).ask(watched))
    await waiting.until(lambda: watched._held_size == 1000, "the first body is held")
    monkeypatch.setattr(guard, "LINGER_SECONDS", 60)
    second = Client([b"x" * 501, None])
    lingering = asyncio.create_task(second.ask(watched))
    await waiting.until(lambda: len(second.heard) > 1, "the second is refused")
    assert second.heard[0]["status"] == 429
    assert int(dict(second.heard[0]["headers"])[b"retry-after"]) > 0
    assert await Client([b"x" * 500]).ask(watched) == 200
    first.cancel()
    lingering.cancel()
    await asyncio.gather(first, lingering, return_exceptions=True)
    assert await Client([b"x" * 1000]).ask(watched) == 200
    assert watched._held_size == 0


async def test_a_client_that_goes_away_gets_no_answer():
    """The application is not called for half a body."""
    application, client = Application(), Client()

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    await guarded(application)({"type": "http", "method": "POST", "headers": CHUNKED}, gone, client._hear)
    assert (application.body, client.heard) == (None, [])


@pytest.mark.parametrize("pieces", [1, 100])
async def test_head_is_answered_as_get_without_a_body(pieces: int):
    """The same head; an answer that goes on and on ends with it."""
    application = Application(pieces)
    client = Client(headers=[], method="HEAD")
    assert await client.ask(guarded(application)) == 200
    assert application.method == "GET"
    assert client.heard[0]["headers"] == [(b"content-length", b"5")]
    assert client.heard[1:] == [{"type": "http.response.body", "body": b"", "more_body": False}]
