"""The ledger's state in PostgreSQL: loaded when a partition is taken, looked up in batches, written behind the log."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from portfolio_ledger import domain, sessions
from portfolio_ledger.state import rows
from portfolio_ledger.state.changes import Subject
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import AppliedHead, Batch, Found, NotOwned, Position, Stale, Wanted
from portfolio_ledger.statements import SQL

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Connection, Pool

_FORGET_SECONDS_MAX = 600.0


class PostgresStore:
    """The ledger's tables, by a pool of sessions. See `Store`."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def load(self, partition: int) -> tuple[Position, dict[str, Standing]]:
        """Return where a partition stands; see `Store.load`."""
        async with sessions.acquire(self._pool) as connection:
            await connection.execute(SQL["begin"], partition, domain.FOLD)
            row = await connection.fetchrow(SQL["position"], partition)
            if row is None:
                raise Stale(f"The position of partition {partition} was deleted a moment ago.")
            position = Position(
                row["next_offset"], row["intake_offset"], (row["judged_offset"], row["judged_index"]), row["lost"], row["fold"]
            )
            return position, {
                name: rows.read_standing(*columns) for name, *columns in await connection.fetch(SQL["portfolios"], partition)
            }

    async def forwarding_key(self, new: bytes) -> bytes:
        """Return the key by which what is forwarded is sealed; see `Store.forwarding_key`."""
        async with sessions.acquire(self._pool) as connection:
            return await connection.fetchval(SQL["forwarding_key"], new)

    async def look_up(self, partition: int, wanted: Wanted) -> Found:
        """Look everything up in one round trip; see `Store.look_up`."""
        async with sessions.acquire(self._pool) as connection:
            found_rows = await connection.fetch(
                SQL["look_up"],
                *rows.columns(wanted.events, 3),
                *rows.columns(wanted.submissions, 2),
                *rows.columns(wanted.entries, 2),
                *rows.columns(wanted.subjects, 2),
                partition,
            )
        found = Found(subjects=dict.fromkeys(wanted.subjects, Subject()))
        for kind, *columns in found_rows:
            if kind == "position":
                found.next_offset = columns[1]
                continue
            if kind == "subject":
                portfolio, key, version, state = columns[0], columns[7], columns[9], columns[12]
                known = None if state is None else domain.load(key, state)
                found.subjects[portfolio, key] = Subject(version, known)
                continue
            answer = rows.read_answer(*columns)
            match kind:
                case "event":
                    found.events[answer.portfolio, answer.source, answer.id] = answer
                case "submission":
                    found.submissions.setdefault((answer.portfolio, answer.submission), []).append(answer)
                case _:
                    found.entries[answer.portfolio, answer.entry] = answer
        return found

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry; see `Store.hash_of`."""
        async with sessions.acquire(self._pool) as connection:
            return await connection.fetchval(SQL["hash_of"], portfolio, entry)

    async def write(self, batch: Batch, alive: Callable[[], bool]) -> None:
        """Store a batch in one transaction; see `Store.write`."""
        async with sessions.acquire(self._pool) as connection:
            if not alive():
                raise NotOwned
            async with connection.transaction():
                await _write(connection, batch)

    async def forget(self, partition: int, old: Position, alive: Callable[[], bool], *, intake: int | None = None) -> None:
        """Forget what is stored of a partition, in one transaction; see `Store.forget`."""
        async with sessions.acquire(self._pool) as connection:
            if not alive():
                raise NotOwned
            async with connection.transaction():
                await connection.execute(SQL["take_long"])
                begun = await connection.fetchval(SQL["begin_anew"], partition, domain.FOLD, intake, old.next_offset, old.fold)
                if begun is None:
                    raise Stale(_moved(partition, old))
                for table in ("entries", "subjects", "portfolios"):
                    await connection.execute(SQL[f"forget_{table}_of_partition"], partition, timeout=_FORGET_SECONDS_MAX)

    async def applied_heads(self) -> list[AppliedHead]:
        """Return the heads that readers have applied; see `Store.applied_heads`."""
        async with sessions.acquire(self._pool) as connection:
            if not await connection.fetchval(SQL["has_applied_heads"]):
                return []
            found = await connection.fetch(SQL["applied_heads"])
        return [(reader, portfolio, entry, hash_) for reader, portfolio, entry, hash_ in found]

    async def not_held(self, heads: Sequence[AppliedHead]) -> list[AppliedHead]:
        """Return those of the heads that are not stored; see `Store.not_held`."""
        async with sessions.acquire(self._pool) as connection:
            found = await connection.fetch(SQL["not_held"], *rows.columns(heads, 4))
        return [(reader, portfolio, entry, hash_) for reader, portfolio, entry, hash_ in found]


async def _write(connection: "Connection", batch: Batch) -> None:
    partition, changes, standings = batch.partition, batch.changes, batch.standings
    moved = await connection.fetchval(
        SQL["advance"],
        partition,
        batch.old.next_offset,
        batch.new.next_offset,
        batch.new.intake_offset,
        *batch.new.judged,
        batch.old.fold,
    )
    if moved is None:
        raise Stale(_moved(partition, batch.old))
    if changes.answers:
        await connection.copy_records_to_table(
            "entries", schema_name="ledger", columns=rows.ANSWER_COLUMNS, records=map(rows.of_answer, changes.answers)
        )
    if changes.subjects:
        subjects = [rows.of_subject(*key, subject) for key, subject in sorted(changes.subjects.items(), key=rows.by_key)]
        await connection.execute(SQL["save_subjects"], *rows.columns(subjects, 4))
    if standings:
        await connection.execute(
            SQL["save_portfolios"],
            partition,
            *rows.columns((rows.of_standing(name, standings[name]) for name in sorted(standings)), 9),
        )


def _moved(partition: int, old: Position) -> str:
    return f"Partition {partition} is not at offset {old.next_offset} any more, or was folded by other rules."
