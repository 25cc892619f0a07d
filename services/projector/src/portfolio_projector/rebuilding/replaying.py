"""`projector replay`: fold one portfolio's log from its first record, by nobody's word but the log's, and compare what is kept.

Every record is judged by the follow rule, so that a log with a hole, a swap or an edit ends the replay. The result is a digest of
each table's rows, which two people can compare who trust neither each other nor the database; and, where it is asked for, the
comparison with the rows that are kept, row by row.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from portfolio_log.follower import Follower
from portfolio_log.kafka import KafkaLog
from portfolio_log.partitions import partition_of
from portfolio_projector import sessions
from portfolio_projector.description import ReadModel, Table
from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.retelling import retelling
from portfolio_projector.rebuilding import kept, rows
from portfolio_projector.rebuilding.beside import LIVE
from portfolio_projector.rebuilding.comparing import Comparison, compare, order
from portfolio_projector.rebuilding.kept import Kept, given
from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import Wanted, tell
from portfolio_schemas.entries import Entry, format_time

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.rebuilding")
_PROJECTOR_SQL = Statements("portfolio_projector")
_RECORDS_AT_ONCE = 2000


class NotReplayed(Exception):
    """The log could not be folded: `args[0]` says why."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What the fold made of a table: how many rows, and the SHA-256 over their JSON, a line each, in the order of keys."""

    table: str
    rows: int
    sha256: str


@dataclass(slots=True)
class Replay:
    """What came of a replay: the last entry that was folded, its hash, and each table; and comparisons, where ordered."""

    portfolio: str
    entry: int = -1
    hash: str = ""
    superseded: int = 0
    digests: list[Digest] = field(default_factory=list[Digest])
    comparisons: list[Comparison] = field(default_factory=list[Comparison])

    @property
    def equal(self) -> bool:
        """Whether everything that was compared is the same."""
        return all(comparison.equal for comparison in self.comparisons)


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is to be replayed: a portfolio, up to an entry, or up to the last entry recorded at or before an instant."""

    portfolio: str
    as_of: int | datetime | None = None
    compare: bool = False


async def replay(kafka: str, postgres: str, topic: str, order: Order, models: Sequence[ReadModel[Any]]) -> Replay:
    """Fold what is ordered.

    Raises:
        NotReplayed: when the log ends in an orphan, or has no such portfolio or entry.

    """
    async with sessions.writing_pool(postgres, connections_max=1) as pool, pool.acquire() as connection:
        partitions: int | None = await connection.fetchval(_PROJECTOR_SQL["recorded_partitions"], topic)
        if partitions is None:
            raise NotReplayed(f"No projector has served {topic} with this database yet: the number of partitions is not known.")
        async with (
            KafkaLog(kafka, topic, client_id="replay") as log,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(_SQL["unlimited"])
            replaying = _Replaying(order, [model for model in models if model.tables])
            if order.compare:
                await replaying.look(connection)
            follower = Follower(
                log,
                partition=partition_of(order.portfolio, partitions),
                partitions=partitions,
                next_offset=0,
                places={},
                old_hash=replaying.hash_of,
                only={order.portfolio},
            )
            await replaying.follow(follower, (await log.bounds(partition_of(order.portfolio, partitions))).end, connection)
            return await replaying.result(connection)


class _Replaying:
    """One replay on its way."""

    def __init__(self, order: Order, models: Sequence[ReadModel[Any]]) -> None:
        self._order = order
        self._models = models
        self._states: Mapping[str, Any] = {model.name: model.folding.begin(True) for model in models}  # noqa: FBT003  it knows everything
        self._until = dict[str, int]()
        self._skipped = set[tuple[str, int]]()
        self._kept: Kept | None = None
        self._hashes = list[bytes]()
        self._replay = Replay(order.portfolio)

    async def look(self, connection: "Connection") -> None:
        """See where the read models that are compared stand, and what they skip: they are folded to there."""
        for name in (*kept.NAMES, *(model.name for model in self._models)):
            applied: int | None = await connection.fetchval(_SQL["standing"], name, self._order.portfolio)
            self._until[name] = -1 if applied is None else applied
            for row in await connection.fetch(_SQL["skips"], name):
                if row["portfolio"] == self._order.portfolio:
                    self._skipped.add((name, row["entry"]))
        self._kept = Kept(self._order.portfolio, self._until, self._skipped)

    async def hash_of(self, portfolio: str, entry: int) -> str | None:  # noqa: ARG002  there is one portfolio only
        """Return the hash of an entry that was followed."""
        return self._hashes[entry].hex() if 0 <= entry < len(self._hashes) else None

    async def follow(self, follower: Follower, end: int, connection: "Connection") -> None:
        """Follow the log to its end, or to where it was ordered."""
        while follower.next_offset < end:
            followed = await follower.read(limit=min(_RECORDS_AT_ONCE, end - follower.next_offset), wait_ms=1000)
            self._replay.superseded += followed.superseded
            wanted = [entry for entry in followed.entries if self._is_wanted(entry)]
            await asyncio.to_thread(self._fold, [Fact(entry, entry.entry) for entry in wanted])
            if self._kept is not None:
                await self._kept.compare(connection)
            if len(wanted) < len(followed.entries):
                return
            for stop in followed.stops.values():
                raise NotReplayed(f"{self._order.portfolio} cannot be followed beyond entry {self._replay.entry}. {stop.detail}")

    def _is_wanted(self, entry: Entry) -> bool:
        as_of = self._order.as_of
        if isinstance(as_of, datetime):
            return entry.recordedtime <= format_time(as_of)
        return as_of is None or entry.entry <= as_of

    def _fold(self, facts: Sequence[Fact]) -> None:
        if self._kept is not None:
            self._kept.fold(facts)
        for fact in facts:
            self._replay.entry, self._replay.hash = fact.number, fact.entry.hash
            self._hashes.append(bytes.fromhex(fact.entry.hash))
            for model in self._models:
                skipped = (model.name, fact.number) in self._skipped or fact.number > self._until.get(model.name, fact.number)
                if not skipped and model.folding.folds(fact):
                    try:
                        model.folding.fold(self._states[model.name], fact)
                    except Exception as error:
                        what = f"{type(error).__name__}: {error}"
                        raise NotReplayed(f"{model.name} cannot fold entry {fact.number}: {what}") from error

    async def result(self, connection: "Connection") -> Replay:
        """Return what came of it."""
        replay = self._replay
        if replay.entry < 0:
            raise NotReplayed(f"The log has no entry of {self._order.portfolio} by then.")
        if isinstance(self._order.as_of, int) and replay.entry < self._order.as_of:
            raise NotReplayed(f"The log of {self._order.portfolio} ends with entry {replay.entry}.")
        for model in self._models:
            for table in model.tables:
                replay.digests.append(_digest(table, _rows(self._states[model.name], table)))
        if self._kept is not None:
            replay.comparisons += await self._kept.result(connection, replay.entry)
            for model in self._models:
                replay.comparisons += await self._compare(connection, model)
        return replay

    async def _compare(self, connection: "Connection", model: ReadModel[Any]) -> Sequence[Comparison]:
        """Compare with the tables; or, where they are further on, with what is told of that moment."""
        state = self._states[model.name]
        if self._until[model.name] <= self._replay.entry:
            return [
                await _compared(table, rows.of_table(connection, table, schema=LIVE, portfolio=self._order.portfolio), state)
                for table in model.tables
            ]
        chronicle = retelling(model.folding, {table.attribute: table.row for table in model.tables})
        wanted = Wanted(self._order.portfolio, self._replay.entry)
        told = (await tell(connection, chronicle, wanted, [WHOLE], facts_max=10_000_000))[WHOLE]
        return [await _compared(table, given(_rows(told.state, table)), state) for table in model.tables]


async def _compared(table: Table, old: AsyncGenerator[tuple[Any, ...]], state: Any) -> Comparison:  # noqa: ANN401  any state
    async with aclosing(old):
        return await compare(table, old, given(_rows(state, table)))


def _rows(state: Any, table: Table) -> Sequence[tuple[Any, ...]]:  # noqa: ANN401  any state
    """Return the rows of a table in a state, in the order of their keys."""
    held = getattr(state, table.attribute)
    places = [table.columns.index(name) for name in table.key]
    return sorted(held.all().values() if hasattr(held, "all") else held, key=lambda row: order(row, places))


def _digest(table: Table, found: Sequence[tuple[Any, ...]]) -> Digest:
    digest = hashlib.sha256()
    encoder = msgspec.json.Encoder(order="deterministic")
    for row in found:
        digest.update(encoder.encode(tuple(row)))
        digest.update(b"\n")
    return Digest(table.name, len(found), digest.hexdigest())
