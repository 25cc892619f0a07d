"""The guard: which requests the application never sees, and the answer that they get."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import pytest

from portfolio_ledger.http.guard import (
    BODY_SIZE_MAX,
    HEADERS_MAX,
    HEADERS_SIZE_MAX,
    TARGET_SIZE_MAX,
    Guard,
    Message,
    Receive,
    Send,
)

Headers = Sequence[tuple[bytes, bytes]]


class Application:
    """Answers 200 and keeps what it was sent."""

    def __init__(self) -> None:
        self.body: bytes | None = None

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:  # noqa: ANN401  an ASGI scope
        """Read the body, which comes in one piece."""
        message = await receive()
        assert scope["type"] == "http"
        assert not message["more_body"]
        self.body = message["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def answer(
    parts: Iterable[bytes | None] = (b"",), headers: Headers = (), target: bytes = b"/events", version: str = "1.1"
) -> tuple[int, bytes | None]:
    """Send a request through a guard; return its status and what the application saw. None among the parts stalls."""
    application, sent = Application(), list[Message]()

    async def messages() -> AsyncIterator[Message]:
        for part in parts:
            if part is None:
                await asyncio.Event().wait()
            yield {"type": "http.request", "body": part, "more_body": True}
        yield {"type": "http.request", "body": b"", "more_body": False}

    source = messages()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": list(headers), "raw_path": target, "query_string": b"", "http_version": version}
    await Guard(application, body_seconds_max=0.05)(scope, source.__anext__, send)
    return sent[0]["status"], application.body


async def test_a_sound_request_goes_through_whole():
    """The application gets the body in one piece."""
    assert await answer([b"a", b"", b"b"]) == (200, b"ab")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([(b"content-length", b"1"), (b"transfer-encoding", b"chunked")], 400),
        ([(b"content-length", b"1"), (b"content-length", b"1")], 400),
        ([(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")], 400),
        ([(b"content-length", b"-1")], 400),
        ([(b"content-length", b"0x1")], 400),
        ([(b"content-length", str(BODY_SIZE_MAX + 1).encode())], 413),
        ([(b"x", b"y")] * (HEADERS_MAX + 1), 431),
        ([(b"x", b"y" * HEADERS_SIZE_MAX)], 431),
    ],
)
async def test_an_unsound_head_is_refused(headers: Headers, status: int):
    """Without reading the body."""
    assert await answer([None], headers) == (status, None)


async def test_an_old_protocol_is_refused():
    """HTTP/0.9 has no head to check."""
    assert await answer(version="0.9") == (400, None)


async def test_a_long_target_is_refused():
    """414."""
    assert await answer(target=b"/" * (TARGET_SIZE_MAX + 1)) == (414, None)


async def test_a_body_is_not_read_further_than_its_limit():
    """413 as soon as it is exceeded, also without a length: what comes after is not waited for."""
    piece = b"x" * (BODY_SIZE_MAX // 4)
    assert await answer([*[piece] * 4]) == (200, piece * 4)
    assert await answer([*[piece] * 4, b"x", None]) == (413, None)


async def test_a_body_that_stalls_is_refused():
    """408 after the deadline."""
    assert await answer([b"a", None]) == (408, None)


async def test_a_client_that_goes_away_gets_no_answer():
    """The application is not called for half a body."""
    application = Application()

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    await Guard(application)(
        {"type": "http", "headers": [], "raw_path": b"/", "query_string": b"", "http_version": "1.1"}, gone, send
    )
    assert application.body is None
