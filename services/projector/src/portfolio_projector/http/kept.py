"""Answers that are kept: given again, byte for byte, as long as nothing that they rest on has changed.

Whether it has is asked of the database for every read, in one statement for all reads that come in meanwhile: no answer is older
than its question. All the rest that a read costs is saved.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portfolio_projector import sessions
from portfolio_projector.http import answers, compressed, metrics
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Pool

SIZE_MAX = 8 * 1024 * 1024
"""Bytes of all that is kept."""

_SIZE_BESIDE = 3 * 1024
"""Bytes of an answer beside its body and its question, about."""

ANSWER_SIZE_MAX = 32 * 1024
"""Bytes of one body: what is larger costs more to send than is saved."""

_SQL = Statements("portfolio_projector.http")
_MARK = "rests_on"
_QUESTION_SIZE_MAX = 2 * 1024
_NEGOTIATED = (b"accept", b"accept-encoding")
_OF_BODY = (b"content-length", b"content-type", b"content-encoding")


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What an answer about the present rests on: rows that the `stamp` of a portfolio stands for, and the day in its zone."""

    portfolio: str
    stamp: str
    today: date
    zone: ZoneInfo

    def mark(self, scope: Scope) -> None:
        """Say of the answer to a request that it may be kept."""
        scope[_MARK] = self


@dataclass(frozen=True, slots=True)
class _Answer:
    rests_on: RestsOn
    route: object
    headers: list[tuple[bytes, bytes]]
    body: bytes
    size: int


class Stamps:
    """Asks what answers rest on now: at once for all who ask while the last question is under way."""

    def __init__(self, pool: "Pool", models: Sequence[str]) -> None:
        self._pool = pool
        self._models = list(models)
        self._asked = dict[str, asyncio.Future[str | None]]()
        self._asking: asyncio.Task[None] | None = None

    async def of(self, portfolio: str) -> str | None:
        """Return the stamp of a portfolio, read after this was called; None where there is no such portfolio."""
        asked = self._asked.get(portfolio)
        if asked is None:
            asked = self._asked[portfolio] = asyncio.get_running_loop().create_future()
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(asked)

    async def _ask(self) -> None:
        try:
            while self._asked:
                asked, self._asked = self._asked, {}
                await self._answer(asked)
        finally:
            self._asking = None

    async def _answer(self, asked: "Mapping[str, asyncio.Future[str | None]]") -> None:
        try:
            async with self._pool.acquire(timeout=sessions.ACQUIRE_SECONDS_MAX) as connection:
                records = await connection.fetch(_SQL["stamps"], self._models, list(asked))
            found: dict[str, str] = {record["portfolio"]: record["stamp"] for record in records}
        except Exception as error:  # noqa: BLE001  whatever it is, those who wait hear it
            for future in asked.values():
                future.set_exception(error)
            return
        for portfolio, future in asked.items():
            future.set_result(found.get(portfolio))


_Key = tuple[str | bytes, ...]


class Kept:
    """Gives answers of an application again. `application.state.stamps` of the scope's application tells what holds."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._answers = OrderedDict[_Key, _Answer]()
        self.size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._application(scope, receive, send)
            return
        key = (
            scope["path"],
            scope["query_string"],
            *(part for header in scope["headers"] if header[0] in _NEGOTIATED for part in header),
        )
        answer = self._answers.get(key)
        if answer is None or not await _holds(answer.rests_on, scope["app"].state.stamps):
            await self._application(scope, receive, _Keeping(self, key, scope, send))
            return
        self._answers.move_to_end(key)
        metrics.GIVEN_AGAIN.inc()
        scope["route"] = answer.route
        await _give(answer, scope, send)

    def keep(self, key: _Key, answer: _Answer) -> None:
        """Keep an answer; those that were asked for longest ago go first."""
        before = self._answers.pop(key, None)
        self.size += answer.size - (0 if before is None else before.size)
        self._answers[key] = answer
        while self.size > SIZE_MAX:
            _, oldest = self._answers.popitem(last=False)
            self.size -= oldest.size


class _Keeping:
    """Sends an answer, and keeps it when it has one part and is marked."""

    def __init__(self, kept: Kept, key: _Key, scope: Scope, send: Send) -> None:
        self._kept = kept
        self._key = key
        self._scope = scope
        self._send = send
        self._headers: list[tuple[bytes, bytes]] | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = message["status"] == 200 and _MARK in self._scope  # noqa: PLR2004  the number is the status's name
            self._headers = list(message["headers"]) if kept else None
        elif self._headers is not None and not message.get("more_body", False):
            self._keep(self._headers, message.get("body", b""))
        else:
            self._headers = None
        await self._send(message)

    def _keep(self, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        asked = sum(map(len, self._key))
        if len(body) <= ANSWER_SIZE_MAX and asked <= _QUESTION_SIZE_MAX:
            size = len(body) + asked + _SIZE_BESIDE
            self._kept.keep(self._key, _Answer(self._scope[_MARK], self._scope.get("route"), headers, body, size))


async def _holds(rests_on: RestsOn, stamps: Stamps) -> bool:
    if datetime.now(rests_on.zone).date() != rests_on.today:
        return False
    try:
        return await stamps.of(rests_on.portfolio) == rests_on.stamp
    except sessions.UNAVAILABLE:
        return False


async def _give(answer: _Answer, scope: Scope, send: Send) -> None:
    status, headers, body = 200, answer.headers, answer.body
    condition = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
    if condition is not None:
        tag = next(value for name, value in headers if name == b"etag").decode()
        held = answers.find_held(condition.decode("latin-1"), compressed.tag_of(tag))
        if held is not None:
            kept = [(name, value) for name, value in headers if name not in _OF_BODY and name != b"etag"]
            status, headers, body = 304, [*kept, (b"etag", held.encode("latin-1"))], b""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
