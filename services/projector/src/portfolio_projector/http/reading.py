"""Reading: what every read of a portfolio has in common, from its parameters to the snapshot that answers it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BeforeValidator, Field, WithJsonSchema

from portfolio_projector import sessions
from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.folding.folding import Folding
from portfolio_projector.http import answers, metrics, moments
from portfolio_projector.http.answers import Basis
from portfolio_projector.http.kept import RestsOn
from portfolio_projector.http.moments import AsOf, Moment, Standing
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.telling import Part, Telling
from portfolio_projector.http.turns import Turns, while_heard
from portfolio_projector.http.wakes import Wakes
from portfolio_projector.telling import aside
from portfolio_projector.telling.failures import Failures
from portfolio_projector.telling.past import Wanted, as_an_entry
from portfolio_projector.telling.pasts import Pasts
from portfolio_projector.telling.present import Present
from portfolio_schemas import codec
from portfolio_schemas.codec import INTEGER_MAX

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection, Pool


CONCERNS = "concerns"
"""The read model whose head is that of everything that is told from entries."""

State = TypeVar("State")
View = TypeVar("View")


def _read_digits(value: object) -> object:
    """Take digits only: what an integer of Python may look like besides is no number of this API."""
    number = codec.read_number(value) if isinstance(value, str) else value
    if number is None:
        raise ValueError("This is a number from 0, in digits.")
    return number


DIGITS = BeforeValidator(_read_digits)
"""Makes a number of a parameter; its bounds stand before it, where they reach the OpenAPI document as well."""

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reads:
    """What reads share: the pool, who wakes them, how long they wait, and the versions of the folds that are installed.

    `turns` are for what takes long.
    """

    pool: "Pool"
    wakes: Wakes
    turns: Turns
    present: Present
    pasts: Pasts
    failures: Failures
    wait_seconds_max: float
    versions: Mapping[str, int]

    @asynccontextmanager
    async def snapshot(self) -> "AsyncGenerator[Connection]":
        """Give a connection whose statements all see the same moment."""
        async with self.pool.acquire(timeout=sessions.ACQUIRE_SECONDS_MAX) as connection, connection.transaction():
            yield connection


@dataclass(frozen=True, kw_only=True, slots=True)
class Views(Generic[State, View]):
    """How a read model with tables is looked at: its tables now, or its state in the past, by the same questions.

    `by_day` makes good, in a state of what was true by the end of a day, what its fold cannot know without the times of facts.
    `recorded` looks at tables that know what was recorded at any entry, where there are such: a day is often like one.
    """

    chronicle: Chronicle[State]
    live: "Callable[[Connection, str], View]"
    past: Callable[[State, str], View]
    by_day: Callable[[Telling, State], Awaitable[None]] | None = None
    recorded: "Callable[[Connection, str, Moment], View] | None" = None


Finish = Callable[[Telling, Mapping[str, Any]], Awaitable[Callable[[], Mapping[str, object]]]]
"""Asks the database for what an answer needs beside what was built of states, and returns what makes the answer of both.

That is worked out when the database is left alone: it ends sessions that are silent for long within a transaction.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One read of a portfolio."""

    request: Request
    reads: Reads
    portfolio: str
    as_of: AsOf
    min_entry: int
    effective: date | None = None

    @property
    def is_of_now(self) -> bool:
        """Whether nothing but the present is asked for."""
        return self.as_of is None and self.effective is None

    async def answer(
        self,
        views: Views[Any, View],
        build: Callable[[View, Moment], Awaitable[Mapping[str, object]]],
        *,
        scope: str = WHOLE,
        table: str | None = None,
    ) -> Response:
        """Answer from one snapshot of tables, once the read model has applied what the reader asks for; or from its past.

        `scope` is the member that the question is about, where it is about one; `table` the list that can be had as CSV.

        Raises:
            Problem: unknown portfolio, too long a wait, a stopped read model, a moment too far away.

        """
        chronicle = views.chronicle
        if self.is_of_now:
            async with self.moment(chronicle.name) as (connection, moment):
                content = await build(views.live(connection, self.portfolio), moment)
            self._let_keep(moment)
            return answers.respond(self.request, self._basis((chronicle,), moment), content, table=table)
        return await while_heard(self.request, self._answer_moment(views, build, scope, table))

    async def _answer_moment(
        self,
        views: Views[Any, View],
        build: Callable[[View, Moment], Awaitable[Mapping[str, object]]],
        scope: str,
        table: str | None,
    ) -> Response:
        recorded = None
        if views.recorded is not None:
            recorded = await self._answer_recorded(views, views.recorded, build, scope, table)
        return await self._answer_past(views, build, scope, table) if recorded is None else recorded

    async def _answer_recorded(
        self,
        views: Views[Any, View],
        look: "Callable[[Connection, str, Moment], View]",
        build: Callable[[View, Moment], Awaitable[Mapping[str, object]]],
        scope: str,
        table: str | None,
    ) -> Response | None:
        """Answer from tables that know what was recorded at any entry; None about a day that is like none of them."""
        await self._until_applied(views.chronicle.name)
        async with self.reads.turns.take():
            async with self.moment(views.chronicle.name) as (connection, moment):
                at: int | None = moment.entry
                if self.effective is not None:
                    wanted = Wanted(self.portfolio, moment.entry, moment.until)
                    at = await as_an_entry(connection, views.chronicle, wanted, scope)
                if at is None:
                    return None
                content = await build(look(connection, self.portfolio, replace(moment, entry=at)), moment)
            basis = self._basis((views.chronicle,), moment)
            return await aside.work(partial(answers.respond, self.request, basis, content, table=table))

    async def _answer_past(
        self,
        views: Views[Any, View],
        build: Callable[[View, Moment], Awaitable[Mapping[str, object]]],
        scope: str,
        table: str | None,
    ) -> Response:
        await self._until_applied()
        async with self.reads.turns.take(self.reads.present.held(self.portfolio, [views.chronicle.name])):
            async with self._telling() as telling:
                told = await telling.state(views.chronicle, scope)
                if views.by_day is not None and self.effective is not None:
                    await views.by_day(telling, told.state)
            content = await build(views.past(told.state, self.portfolio), telling.moment)
            basis = self._basis((views.chronicle,), telling.moment)
            return await aside.work(partial(answers.respond, self.request, basis, content, table=table))

    async def tell(
        self,
        chronicle: Chronicle[State],
        scope: str | None,
        build: Callable[[State, Moment], Mapping[str, object]],
        *,
        table: str | None = None,
    ) -> Response:
        """Answer from the state of a chronicle: of a member, as a subject, or of the whole portfolio.

        Raises:
            Problem: unknown portfolio, too long a wait, a chronicle that cannot be folded, a moment too far away.

        """

        def build_one(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
            return build(states["told"], moment)

        return await self.tell_all({"told": (chronicle, WHOLE if scope is None else scope)}, build_one, table=table)

    async def tell_all(
        self,
        parts: Mapping[str, Part],
        build: Callable[[Mapping[str, Any], Moment], Mapping[str, object]],
        *,
        table: str | None = None,
        finish: Finish | None = None,
        also: Sequence[Chronicle[Any]] = (),
    ) -> Response:
        """Answer from several states, all of the same moment; `build` gets them by the names of the parts, in a thread.

        `finish` makes the answer of what was built and of what else was known at that moment, where there is more to it;
        `also` are the chronicles of which it asks for states.

        Raises:
            Problem: see `tell`; or when too many answers are being worked out.

        """
        return await while_heard(self.request, self._tell_parts(parts, build, table, finish, also))

    async def _tell_parts(
        self,
        parts: Mapping[str, Part],
        build: Callable[[Mapping[str, Any], Moment], Mapping[str, object]],
        table: str | None,
        finish: Finish | None,
        also: Sequence[Chronicle[Any]],
    ) -> Response:
        chronicles = {chronicle.name: chronicle for chronicle in (*(chronicle for chronicle, _ in parts.values()), *also)}
        await self._until_applied()
        async with self.reads.turns.take(self.reads.present.held(self.portfolio, chronicles)):
            async with self._telling() as telling:
                states = await telling.parts(parts)
            basis = self._basis(tuple(chronicles.values()), telling.moment)
            self._let_keep(telling.moment)
            if finish is not None:
                built = await aside.work(build, states, telling.moment)
                async with self.reads.snapshot() as connection:
                    make = await finish(replace(telling, connection=connection), built)
                return await aside.work(lambda: answers.respond(self.request, basis, make(), table=table))

            def work_out() -> Response:
                return answers.respond(self.request, basis, build(states, telling.moment), table=table)

            return await aside.work(work_out)

    def _let_keep(self, moment: Moment) -> None:
        """Say that an answer about the present may be given again as long as nothing changes."""
        if self.is_of_now and moment.stamp is not None:
            RestsOn(self.portfolio, moment.stamp, moment.today, moment.zone).mark(self.request.scope)

    async def _until_applied(self, read_model: str = CONCERNS) -> None:
        """Wait for the entry that is asked for, where one is: nobody waits for it while it is their turn."""
        if self.min_entry >= 0 or isinstance(self.as_of, int):
            async with self.moment(read_model):
                pass

    @asynccontextmanager
    async def _telling(self) -> AsyncGenerator[Telling]:
        async with self.moment(CONCERNS) as (connection, moment):
            reads = self.reads
            yield Telling(reads.present, reads.pasts, reads.failures, connection, self.portfolio, moment)

    def basis(self, folding: Folding[Any], moment: Moment) -> Basis:
        """Return what an answer at a moment rests on."""
        return self._basis((folding,), moment)

    def _basis(self, models: "Sequence[Folding[Any] | Chronicle[Any]]", moment: Moment) -> Basis:
        label = " ".join(model.label for model in models)
        names = {model.name for model in models}
        skipped = [skip for skip in moment.skips if skip["read_model"] in names]
        return Basis(self.portfolio, moment.entry, moment.settled, label, skipped)

    @asynccontextmanager
    async def moment(self, read_model: str) -> "AsyncGenerator[tuple[Connection, Moment]]":
        """Wait until the read model has applied what is asked for, and give a snapshot and the moment to answer for."""
        deadline = asyncio.get_running_loop().time() + self.reads.wait_seconds_max
        wanted = max(self.min_entry, self.as_of if isinstance(self.as_of, int) else -1)
        with self.reads.wakes.of(self.portfolio) as news:
            while True:
                news.clear()
                async with self.reads.snapshot() as connection:
                    standing = await self._applied(connection, read_model, wanted)
                    if standing.entry >= wanted:
                        yield connection, await self._moment(connection, standing)
                        return
                await self._wait(news, deadline, read_model, standing.entry, wanted)
                if self.reads.wakes.closing.is_set():
                    raise Problem(503, "CLOSING", "The service is being stopped; ask again, or ask another one.")

    async def _moment(self, connection: "Connection", standing: Standing) -> Moment:
        """Return the moment that is asked about, with the days of the portfolio's zone as it was known then."""
        if self.as_of is None:
            moment, zone = moments.present(standing), moments.zone_named(standing.zone)
        else:
            moment = await moments.resolve(connection, self.portfolio, self.as_of, standing.entry)
            zone = await moments.zone_of(connection, self.portfolio, moment.entry)
        if self.effective is not None:
            moment = replace(moment, effective=self.effective, today=self.effective)
        if standing.skips:
            moment = replace(moment, skips=[skip for skip in standing.skips if skip["entry"] <= moment.entry])
        return moments.in_zone(moment, zone)

    async def _applied(self, connection: "Connection", read_model: str, wanted: int) -> Standing:
        """Return where the read model stands: at the last entry that it has applied."""
        row = await moments.stands(connection, read_model, self.portfolio, list(self.reads.versions))
        if row is None:
            if wanted >= 0:
                return Standing(entry=_NOTHING)
            raise Problem(404, "UNKNOWN_PORTFOLIO", f"There is no portfolio {self.portfolio}.")
        applied: int = row["entry"]
        installed = self.reads.versions[read_model]
        if row["version"] != installed:
            detail = f"The rows of {read_model} are of version {row['version']}, this service reads version {installed}."
            raise Problem(503, "READ_MODEL_VERSION", detail, entry=applied)
        if applied < wanted and row["failed_entry"] is not None:
            detail = f"The read model {read_model} stopped at entry {row['failed_entry']} and waits for an operator."
            raise Problem(503, "READ_MODEL_STOPPED", detail, entry=applied)
        if applied < wanted and row["stopped"]:
            detail = f"The log of this portfolio is broken after entry {applied} and waits for an operator."
            raise Problem(503, "PORTFOLIO_STOPPED", detail, entry=applied)
        if applied < wanted and row["lost"]:
            detail = f"The log of this portfolio has lost records and waits for an operator; entry {applied} is the last here."
            raise Problem(503, "LOG_LOST", detail, entry=applied)
        return Standing(entry=applied, hash=row["hash"], skips=row["skips"] or (), stamp=row["stamp"], zone=row["zone"])

    async def _wait(self, news: asyncio.Event, deadline: float, read_model: str, head: int, wanted: int) -> None:
        remaining = deadline - asyncio.get_running_loop().time()
        try:
            with metrics.WAITING.track_inprogress():
                async with asyncio.timeout(max(remaining, 0)):
                    await news.wait()
        except TimeoutError:
            held = "nothing of this portfolio" if head == _NOTHING else f"entries up to {head}"
            asked = f"The read model {read_model} holds {held} so far, and entry {wanted} is asked for."
            detail = f"{asked} Try again, or look up the number in its receipt."
            raise Problem(503, "NOT_YET", detail, entry=None if head == _NOTHING else head) from None


_NOTHING = -2
"""A portfolio that no read model has seen: it may be on its way."""


_Moment = Annotated[
    str,
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[0-9]{1,15}$"}, {"type": "string", "format": "date-time"}]}),
]
_Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
AsOfText = Annotated[
    _Moment | None,
    Query(max_length=64, description="an entry number, or an instant: the last entry recorded at or before it", examples=["17"]),
]
MinEntry = Annotated[
    Annotated[int, Field(ge=0, le=INTEGER_MAX), DIGITS] | None,
    Query(description="answer only when this entry is reflected; waits, then 503"),
]
EffectiveText = Annotated[
    _Day | None,
    Query(max_length=10, description="a day: what was true by its end, by the events' own times", examples=["2026-03-31"]),
]


async def _recorded(request: Request, portfolio: Id, as_of: AsOfText = None, min_entry: MinEntry = None) -> Question:
    return Question(
        request=request,
        reads=request.app.state.reads,
        portfolio=portfolio,
        as_of=moments.read_as_of(as_of),
        min_entry=-1 if min_entry is None else min_entry,
    )


async def _question(asked: "AskedRecorded", effective: EffectiveText = None) -> Question:
    return replace(asked, effective=moments.read_effective(effective))


AskedRecorded = Annotated[Question, Depends(_recorded)]
"""A question about what was recorded, as entries are: it has one time axis."""

Asked = Annotated[Question, Depends(_question)]
"""A question about what was true, as it was known at a moment."""

Limit = Annotated[int, Field(ge=1, le=1000), DIGITS, Query(description="how many at most")]
_Cursor = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 1024})]
CursorText = Annotated[_Cursor | None, Query(max_length=1024, description="`next_cursor` of the page before of the same list")]
