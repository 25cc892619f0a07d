"""The past: the state of a chronicle at a moment, folded from the nearest snapshot on.

That is exact for every entry and every instant: a snapshot serves only where nothing in it was true later than the instant, and
nothing recorded since reaches back into it.
"""

import zlib
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from portfolio_log import reading
from portfolio_projector.folding.chronicles import WHOLE, Chronicle, Restated
from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.statements import Statements
from portfolio_projector.telling import aside
from portfolio_schemas.entries import Entry
from portfolio_schemas.envelope import FIRST_INSTANT, LAST_INSTANT

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

EVER = LAST_INSTANT
"""No fact is true later."""

NEVER = FIRST_INSTANT
"""No fact is true earlier."""

_SQL = Statements("portfolio_projector.telling")
CHUNK = 500
"""How many facts are folded at once."""

FACTS_AT_ONCE = 50
"""So many take some milliseconds, and are folded aside."""

State = TypeVar("State")
Located = tuple[int, bytes]
"""An entry's bytes, and their offset in the log."""

News = Mapping[str, Any]
"""What is read of an entry that is new to a state: since when it concerns the scope, how far it reaches back, what it says."""


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
    """The state of a chronicle in a scope: with all facts up to an entry, none of which was true later than `until`.

    `hash` is that of the entry, where somebody will ask whether it is still the one that is kept. `weight` is about how many
    facts there are in it, `folded` how many were folded after the nearest snapshot.
    """

    state: State
    scope: str
    entry: int
    until: datetime
    weight: int = 0
    folded: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a portfolio: the facts up to an entry that were true by an instant, but for skipped ones."""

    portfolio: str
    entry: int
    until: datetime = EVER
    skipped: frozenset[int] = frozenset()


async def tell(
    connection: "Connection", chronicle: Chronicle[State], wanted: Wanted, scopes: Sequence[str], *, facts_max: int
) -> Mapping[str, Told[State]]:
    """Fold the states of a chronicle at a moment, by scope, within the connection's transaction.

    Raises:
        Unfoldable: when the fold raises.
        TooFar: when more than so many facts of a scope lie after the nearest snapshot.

    """
    if chronicle.held_by is not None and wanted.until != EVER:
        held = await tell(connection, chronicle, replace(wanted, until=EVER), scopes, facts_max=facts_max)
        for one in held.values():
            one.state = await aside.work(chronicle.held_by, one.state, wanted.until)
        return held
    told = await _begin(connection, chronicle, wanted, scopes)
    restated = await _restated(connection, chronicle, wanted, told)
    async with _facts(connection, chronicle, wanted, told) as chunks:
        async for scope, records in chunks:
            one = told[scope]
            one.folded += len(records)
            if one.folded > facts_max:
                raise TooFar
            corrected = restated.get(scope, _NOTHING_RESTATED)
            if len(records) < FACTS_AT_ONCE:
                _fold(chronicle, one, records, corrected, wanted)
            else:
                await aside.work(_fold, chronicle, one, records, corrected, wanted)
    for one in told.values():
        one.entry = wanted.entry
        one.weight += one.folded
    return told


async def as_an_entry(connection: "Connection", chronicle: Chronicle[Any], wanted: Wanted, scope: str) -> int | None:
    """Return the entry up to which just those facts of a member were recorded that a chronicle is told at a moment.

    Where nothing was recorded late a day is like that, and what is known of entries knows it too. Skipped entries count as facts.
    """
    types = sorted(chronicle.types)
    entry: int | None = await connection.fetchval(_SQL["as_an_entry"], wanted.portfolio, scope, wanted.entry, types, wanted.until)
    return entry


def _fold(chronicle: Chronicle[State], told: Told[State], records: Sequence[Located], restated: Restated, wanted: Wanted) -> None:
    """Fold entries into a state. What rests on something that was not yet true by the instant wanted is passed over."""
    for fact in read_facts(records):
        in_force = restated.apply(fact)
        if in_force is None or fact.number in wanted.skipped:
            continue
        try:
            fold_fact(chronicle, told, in_force)
        except Unfoldable as error:
            if wanted.until == EVER or not isinstance(error.__cause__, Impossible):
                raise
            if chronicle.forgive is not None:
                chronicle.forgive(told.state, in_force)


def fold_fact(chronicle: Chronicle[State], told: Told[State], fact: Fact) -> None:
    """Fold one fact into a state.

    Raises:
        Unfoldable: when the fold raises.

    """
    try:
        chronicle.fold(told.state, fact)
    except Exception as error:
        raise Unfoldable(chronicle.name, told.scope, fact.number) from error
    told.until = max(told.until, fact.time)


def fold_on(chronicle: Chronicle[State], told: Told[State], facts: Sequence[Fact], restating: Collection[int] = ()) -> None:
    """Fold facts that reach back to nothing that is folded already; `restating` are the corrections of folded types among them.

    Raises:
        Unfoldable: when the fold raises.

    """
    restated = Restated(fact for fact in facts if fact.number in restating) if restating else _NOTHING_RESTATED
    for fact in facts:
        in_force = restated.apply(fact)
        if in_force is not None:
            fold_fact(chronicle, told, in_force)


def reaches_back(news: News, folded: int, chronicle: Chronicle[Any]) -> bool:
    """Tell whether a record changes what was known of an entry that is folded already."""
    moved = news["since"] > news["entry"]
    return news["reaches"] <= folded and (moved or chronicle.corrections == "applied") and news["reaches"] < news["since"]


def restates(news: News, chronicle: Chronicle[Any]) -> bool:
    """Tell whether a record corrects what a chronicle folds, and is told in its place."""
    return chronicle.corrections == "applied" and news["corrected_type"] in chronicle.types


def read_facts(records: Sequence[Located]) -> list[Fact]:
    """Read entries, given as offset and bytes."""
    facts = list[Fact]()
    for offset, value in records:
        entry = reading.read(value)
        if not isinstance(entry, Entry):
            raise TypeError("Only entries are kept.")
        facts.append(Fact(entry, offset))
    return facts


async def _begin(
    connection: "Connection", chronicle: Chronicle[State], wanted: Wanted, scopes: Sequence[str]
) -> dict[str, Told[State]]:
    """Return the states of the nearest snapshots, and empty ones where there is none."""
    told = {scope: Told(chronicle.begin(scope), scope, -1, NEVER) for scope in scopes}
    records = await connection.fetch(
        _SQL["nearest"],
        wanted.portfolio,
        chronicle.name,
        chronicle.version,
        list(scopes),
        wanted.entry,
        wanted.until,
        chronicle.corrections == "applied",
        sorted(chronicle.types),
        sorted(wanted.skipped),
    )
    for record in records:
        data: bytes = record["state"]
        state = await aside.work(unpack, chronicle, data) if len(data) > _BYTES_AT_ONCE else unpack(chronicle, data)
        scope: str = record["scope"]
        told[scope] = Told(state, scope, record["entry"], record["until"], len(data) // _BYTES_OF_FACT)
    return told


_BYTES_AT_ONCE = 1 << 14
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


def _asked(chronicle: Chronicle[Any], wanted: Wanted, told: Mapping[str, Told[Any]]) -> tuple[object, ...]:
    """Return what statements about facts after snapshots ask for."""
    types = sorted(chronicle.types)
    if WHOLE in told:
        return wanted.portfolio, told[WHOLE].entry, wanted.entry, types
    return wanted.portfolio, list(told), [one.entry for one in told.values()], wanted.entry, types


async def _restated(
    connection: "Connection", chronicle: Chronicle[Any], wanted: Wanted, told: Mapping[str, Told[Any]]
) -> Mapping[str, Restated]:
    """Return what corrections after snapshots leave of facts, by scope, where a chronicle is told that."""
    if chronicle.corrections == "seen":
        return {}
    statement = _SQL["corrections_of_all" if WHOLE in told else "corrections"]
    found = dict[str, list[Located]]()
    for record in await connection.fetch(statement, *_asked(chronicle, wanted, told)):
        if record["entry"] not in wanted.skipped:
            found.setdefault(record["scope"], []).append((record["log_offset"], record["value"]))
    return {scope: Restated(read_facts(records)) for scope, records in found.items()}


_NOTHING_RESTATED = Restated(())


@asynccontextmanager
async def _facts(
    connection: "Connection", chronicle: Chronicle[Any], wanted: Wanted, told: Mapping[str, Told[Any]]
) -> "AsyncGenerator[AsyncGenerator[tuple[str, Sequence[Located]]]]":
    """Give the records of facts after snapshots, chunk by chunk, each of one scope."""
    name, asked = "facts_of_all" if WHOLE in told else "facts", _asked(chronicle, wanted, told)
    if wanted.until == EVER:
        cursor = await connection.cursor(_SQL[name], *asked)
    else:
        cursor = await connection.cursor(_SQL[f"{name}_by"], *asked, wanted.until)

    async def chunks() -> "AsyncGenerator[tuple[str, Sequence[Located]]]":
        while True:
            records = await cursor.fetch(CHUNK)
            for scope, group in groupby(records, key=itemgetter("scope")):
                yield scope, [(record["log_offset"], record["value"]) for record in group]
            if len(records) < CHUNK:
                return

    yield chunks()
