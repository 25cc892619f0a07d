"""Reading: what every read of a portfolio has in common, from its parameters to the snapshot that answers it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BeforeValidator

from portfolio_projector.folding.folding import Folding, Kept
from portfolio_projector.http import answers, metrics, moments, past
from portfolio_projector.http.answers import Basis
from portfolio_projector.http.moments import AsOf, Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.wakes import Wakes
from portfolio_projector.statements import Statements
from portfolio_schemas import codec
from portfolio_schemas.codec import INTEGER_MAX

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection, Pool

_SQL = Statements("portfolio_projector.http")
_ACQUIRE_SECONDS_MAX = 5.0

State = TypeVar("State", bound=Kept)
View = TypeVar("View")


def _read_digits(value: object) -> object:
    """Take digits only: what an integer of Python may look like besides is no number of this API."""
    number = codec.read_number(value) if isinstance(value, str) else value
    if number is None:
        raise ValueError("This is a number from 0, in digits.")
    return number


Number = Annotated[int, BeforeValidator(_read_digits)]
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reads:
    """What reads share: the pool, who wakes them, and how long they wait."""

    pool: "Pool"
    wakes: Wakes
    wait_seconds_max: float

    @asynccontextmanager
    async def snapshot(self) -> "AsyncGenerator[Connection]":
        """Give a connection whose statements all see the same moment."""
        async with self.pool.acquire(timeout=_ACQUIRE_SECONDS_MAX) as connection, connection.transaction():
            yield connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Views(Generic[State, View]):
    """How a read model is looked at: its tables now, or its state in the past, by the same questions."""

    folding: Folding[State]
    live: "Callable[[Connection, str], View]"
    past: Callable[[State, str], View]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One read of a portfolio."""

    request: Request
    reads: Reads
    portfolio: str
    as_of: AsOf
    min_entry: int

    async def answer(self, views: Views[Any, View], build: Callable[[View, Moment], Awaitable[Mapping[str, object]]]) -> Response:
        """Answer from one snapshot, once the read model has applied what the reader asks for.

        Raises:
            Problem: unknown portfolio, too long a wait, a stopped read model, a moment too far away.

        """
        async with self.moment(views.folding) as (connection, moment):
            if self.as_of is None:
                view = views.live(connection, self.portfolio)
            else:
                skipped = {skip["entry"] for skip in _of_model(views.folding, moment)}
                state = await past.state_at(connection, views.folding, self.portfolio, moment.entry, skipped)
                view = views.past(state, self.portfolio)
            content = await build(view, moment)
        return answers.respond(self.request, self.basis(views.folding, moment), content)

    def basis(self, folding: Folding[Any], moment: Moment) -> Basis:
        """Return what an answer at a moment rests on."""
        return Basis(self.portfolio, moment.entry, moment.settled, folding.label, _of_model(folding, moment))

    @asynccontextmanager
    async def moment(self, folding: Folding[Any]) -> "AsyncGenerator[tuple[Connection, Moment]]":
        """Wait until the read model has applied what is asked for, and give a snapshot and the moment to answer for."""
        deadline = asyncio.get_running_loop().time() + self.reads.wait_seconds_max
        wanted = max(self.min_entry, self.as_of if isinstance(self.as_of, int) else -1)
        with self.reads.wakes.of(self.portfolio) as news:
            while True:
                news.clear()
                async with self.reads.snapshot() as connection:
                    head, skips = await self._applied(connection, folding, wanted)
                    if head >= wanted:
                        moment = moments.present(head)
                        if self.as_of is not None:
                            moment = await moments.resolve(connection, self.portfolio, self.as_of, head)
                        if skips:
                            moment = replace(moment, skips=[skip for skip in skips if skip["entry"] <= moment.entry])
                        yield connection, moment
                        return
                await self._wait(news, deadline, folding, head, wanted)
                if self.reads.wakes.closing.is_set():
                    raise Problem(503, "CLOSING", "The service is being stopped; ask again, or ask another one.")

    async def _applied(self, connection: "Connection", folding: Folding[Any], wanted: int) -> tuple[int, Sequence[moments.Skip]]:
        """Return the last entry that the read model has applied, and what is skipped in the portfolio."""
        row = await connection.fetchrow(_SQL["standing"], folding.name, self.portfolio)
        if row is None:
            if wanted >= 0:
                return _NOTHING, ()
            raise Problem(404, "UNKNOWN_PORTFOLIO", f"There is no portfolio {self.portfolio}.")
        applied: int = row["entry"]
        if applied < wanted and row["failed_entry"] is not None:
            detail = f"The read model {folding.name} stopped at entry {row['failed_entry']} and waits for an operator."
            raise Problem(503, "READ_MODEL_STOPPED", detail, entry=applied)
        if applied < wanted and row["stopped"]:
            detail = f"The log of this portfolio is broken after entry {applied} and waits for an operator."
            raise Problem(503, "PORTFOLIO_STOPPED", detail, entry=applied)
        if applied < wanted and row["lost"]:
            detail = f"The log of this portfolio has lost records and waits for an operator; entry {applied} is the last here."
            raise Problem(503, "LOG_LOST", detail, entry=applied)
        return applied, row["skips"] or ()

    async def _wait(self, news: asyncio.Event, deadline: float, folding: Folding[Any], head: int, wanted: int) -> None:
        remaining = deadline - asyncio.get_running_loop().time()
        try:
            with metrics.WAITING.track_inprogress():
                async with asyncio.timeout(max(remaining, 0)):
                    await news.wait()
        except TimeoutError:
            known = "nothing of this portfolio yet" if head == _NOTHING else f"entry {head}"
            detail = f"The read model {folding.name} has applied {known}, entry {wanted} is asked for; try again."
            raise Problem(503, "NOT_YET", detail, entry=None if head == _NOTHING else head) from None


def _of_model(folding: Folding[Any], moment: Moment) -> Sequence[moments.Skip]:
    return [skip for skip in moment.skips if skip["read_model"] == folding.name] if moment.skips else ()


_NOTHING = -2
"""A portfolio that no read model has seen: it may be on its way."""


async def _question(
    request: Request,
    portfolio: Id,
    as_of: Annotated[
        str | None,
        Query(
            max_length=64, description="an entry number, or an instant: the last entry recorded at or before it", examples=["17"]
        ),
    ] = None,
    min_entry: Annotated[
        Number | None, Query(ge=0, le=INTEGER_MAX, description="answer only when this entry is reflected; waits, then 503")
    ] = None,
) -> Question:
    return Question(
        request=request,
        reads=request.app.state.reads,
        portfolio=portfolio,
        as_of=moments.read_as_of(as_of),
        min_entry=-1 if min_entry is None else min_entry,
    )


Asked = Annotated[Question, Depends(_question)]
Limit = Annotated[Number, Query(ge=1, le=1000, description="how many at most")]
CursorText = Annotated[str | None, Query(max_length=1024, description="`next_cursor` of the page before")]
