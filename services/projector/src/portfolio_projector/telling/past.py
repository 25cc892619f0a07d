"""The past: the state of a chronicle at a moment, folded from the nearest snapshot on.

That is exact for every entry and every instant: a snapshot serves only where nothing in it was true later than the instant, and
nothing recorded since reaches back into it.
"""

import zlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from portfolio_log import reading
from portfolio_projector.folding.chronicles import WHOLE, Chronicle, Restated
from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.statements import Statements
from portfolio_projector.telling import aside
from portfolio_schemas.entries import Entry
from portfolio_schemas.envelope import FIRST_INSTANT

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

EVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Later than any fact is true."""

NEVER = FIRST_INSTANT
"""No fact is true earlier."""

_SQL = Statements("portfolio_projector.telling")
CHUNK = 500
"""How many facts are folded at once: so many take some milliseconds, and are folded aside."""

State = TypeVar("State")


class Unfoldable(Exception):
    """A fold raised at an entry."""

    def __init__(self, chronicle: str, scope: str, entry: int) -> None:
        super().__init__(f"The chronicle {chronicle} cannot fold entry {entry}.")
        self.chronicle = chronicle
        self.scope = scope
        self.entry = entry


class TooFar(Exception):
    """There are too many entries between a moment and the nearest snapshot before it."""


@dataclass(slots=True)
class Told(Generic[State]):
    """The state of a chronicle: with all facts up to an entry, none of which was true later than `until`.

    `hash` is that of the entry, where somebody will ask whether it is still the one that is kept. `weight` is about how many
    facts there are in it, `folded` how many were folded after the nearest snapshot.
    """

    state: State
    entry: int
    until: datetime
    weight: int = 0
    folded: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a portfolio: the facts of a scope up to an entry that were true by an instant, but for skipped ones."""

    portfolio: str
    scope: str
    entry: int
    until: datetime = EVER
    skipped: frozenset[int] = frozenset()


async def tell(connection: "Connection", chronicle: Chronicle[State], wanted: Wanted, *, facts_max: int) -> Told[State]:
    """Fold the state of a chronicle at a moment, within the connection's transaction.

    Raises:
        Unfoldable: when the fold raises.
        TooFar: when more than so many facts lie after the nearest snapshot.

    """
    if chronicle.held_by is not None and wanted.until != EVER:
        told = await tell(connection, chronicle, replace(wanted, until=EVER), facts_max=facts_max)
        told.state = await aside.work(chronicle.held_by, told.state, wanted.until)
        return told
    told = await _begin(connection, chronicle, wanted)
    restated = None
    if chronicle.corrections == "applied":
        restated = Restated(await _corrections(connection, chronicle, wanted, told.entry))
    count = 0
    async with _facts(connection, chronicle, wanted, told.entry) as chunks:
        async for records in chunks:
            count += len(records)
            if count > facts_max:
                raise TooFar
            if len(records) < CHUNK:
                _fold(chronicle, told, records, restated, wanted)
            else:
                await aside.work(_fold, chronicle, told, records, restated, wanted)
    told.entry, told.folded = wanted.entry, count
    told.weight += count
    return told


def _fold(
    chronicle: Chronicle[State],
    told: Told[State],
    records: Sequence[tuple[int, bytes]],
    restated: Restated | None,
    wanted: Wanted,
) -> None:
    """Fold entries into a state. What rests on something that was not yet true by the instant wanted is passed over."""
    for fact in read_facts(records):
        in_force = fact if restated is None else restated.apply(fact)
        if in_force is None or fact.number in wanted.skipped:
            continue
        try:
            fold_fact(chronicle, told, in_force, wanted.scope)
        except Unfoldable as error:
            if wanted.until == EVER or not isinstance(error.__cause__, Impossible):
                raise
            if chronicle.forgive is not None:
                chronicle.forgive(told.state, in_force)


def fold_fact(chronicle: Chronicle[State], told: Told[State], fact: Fact, scope: str) -> None:
    """Fold one fact into the state of a scope.

    Raises:
        Unfoldable: when the fold raises.

    """
    try:
        chronicle.fold(told.state, fact)
    except Exception as error:
        raise Unfoldable(chronicle.name, scope, fact.number) from error
    told.until = max(told.until, fact.time)


def read_facts(records: Sequence[tuple[int, bytes]]) -> list[Fact]:
    """Read entries, given as offset and bytes."""
    facts = list[Fact]()
    for offset, value in records:
        entry = reading.read(value)
        if not isinstance(entry, Entry):
            raise TypeError("Only entries are kept.")
        facts.append(Fact(entry, offset))
    return facts


async def _begin(connection: "Connection", chronicle: Chronicle[State], wanted: Wanted) -> Told[State]:
    if wanted.skipped:
        return Told(chronicle.begin(wanted.scope), -1, NEVER)
    record = await connection.fetchrow(
        _SQL["nearest"],
        wanted.portfolio,
        chronicle.name,
        chronicle.version,
        wanted.scope,
        wanted.entry,
        wanted.until,
        chronicle.corrections == "applied",
    )
    if record is None:
        return Told(chronicle.begin(wanted.scope), -1, NEVER)
    data: bytes = record["state"]
    state = await aside.work(unpack, chronicle, data) if len(data) > _BYTES_AT_ONCE else unpack(chronicle, data)
    return Told(state, record["entry"], record["until"], len(data) // _BYTES_OF_FACT)


_BYTES_AT_ONCE = 1 << 16
_BYTES_OF_FACT = 25
"""Of a packed state, about."""

_QUICK = 1
"""The level of zlib: a quarter of the bytes, in some milliseconds for each megabyte."""


def pack(chronicle: Chronicle[State], state: State) -> bytes:
    """Return a state as the bytes of a snapshot: small ones can be many, and then a moment is never far from one."""
    return zlib.compress(chronicle.freeze(state), _QUICK)


def unpack(chronicle: Chronicle[State], data: bytes) -> State:
    """Return the state of a snapshot."""
    return chronicle.thaw(zlib.decompress(data))


async def _corrections(connection: "Connection", chronicle: Chronicle[Any], wanted: Wanted, folded: int) -> Sequence[Fact]:
    types = sorted(chronicle.types)
    if wanted.scope == WHOLE:
        records = await connection.fetch(_SQL["corrections_of_all"], wanted.portfolio, folded, wanted.entry, types)
    else:
        records = await connection.fetch(_SQL["corrections"], wanted.portfolio, wanted.scope, folded, wanted.entry, types)
    return read_facts([(record["log_offset"], record["value"]) for record in records])


@asynccontextmanager
async def _facts(
    connection: "Connection", chronicle: Chronicle[Any], wanted: Wanted, folded: int
) -> "AsyncGenerator[AsyncGenerator[Sequence[tuple[int, bytes]]]]":
    """Give the records of facts after an entry, chunk by chunk."""
    types = sorted(chronicle.types)
    if wanted.scope == WHOLE:
        factory = connection.cursor(_SQL["facts_of_all"], wanted.portfolio, folded, wanted.entry, types, wanted.until)
    else:
        factory = connection.cursor(_SQL["facts"], wanted.portfolio, wanted.scope, folded, wanted.entry, types, wanted.until)
    cursor = await factory

    async def chunks() -> "AsyncGenerator[Sequence[tuple[int, bytes]]]":
        while True:
            records = await cursor.fetch(CHUNK)
            if records:
                yield [(record["log_offset"], record["value"]) for record in records]
            if len(records) < CHUNK:
                return

    yield chunks()
