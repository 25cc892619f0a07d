"""The ledger's state in PostgreSQL: loaded when a partition is taken, looked up in batches, written behind the log."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portfolio_ledger import domain
from portfolio_ledger.state import rows
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Changes, Subject, SubjectKey
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.statements import SQL

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Connection


class Stale(Exception):
    """Another ledger moved this partition's state: what was about to be written is there already, or never will be."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a partition stands: folded up to `next_offset` of the ledger topic, answered up to `intake_offset` of intake.

    `judged` is the highest submission of this partition's own intake that an entry bears: offset and index.
    """

    next_offset: int = 0
    intake_offset: int | None = None
    judged: tuple[int, int] = (-1, -1)


@dataclass(slots=True)
class Wanted:
    """What a batch has to look up."""

    events: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    submissions: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    entries: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    subjects: set[SubjectKey] = field(default_factory=set[SubjectKey])

    def __bool__(self) -> bool:
        return bool(self.events or self.submissions or self.entries or self.subjects)


@dataclass(slots=True)
class Found:
    """What was there of it."""

    events: dict[tuple[str, str, str], Answer] = field(default_factory=dict[tuple[str, str, str], Answer])
    submissions: dict[tuple[str, str], list[Answer]] = field(default_factory=dict[tuple[str, str], list[Answer]])
    entries: dict[tuple[str, int], Answer] = field(default_factory=dict[tuple[str, int], Answer])
    subjects: dict[SubjectKey, Subject] = field(default_factory=dict[SubjectKey, Subject])

    def add(self, more: "Found") -> None:
        """Take over answers that were found elsewhere."""
        self.events |= more.events
        self.entries |= more.entries
        for key, found in more.submissions.items():
            self.submissions.setdefault(key, []).extend(found)


async def load(connection: "Connection", partition: int) -> tuple[Position, dict[str, Standing]]:
    """Return where a partition stands, and its portfolios; one that has no position begins at nothing."""
    await connection.execute(SQL["begin"], partition)
    row = await connection.fetchrow(SQL["position"], partition)
    if row is None:
        raise Stale(f"The position of partition {partition} was deleted a moment ago.")
    position = Position(row["next_offset"], row["intake_offset"], (row["judged_offset"], row["judged_index"]))
    return position, {
        name: rows.read_standing(*columns) for name, *columns in await connection.fetch(SQL["portfolios"], partition)
    }


async def look_up(connection: "Connection", wanted: Wanted) -> Found:
    """Look everything up in one round trip. Subjects that are not stored are found as new ones."""
    found_rows = await connection.fetch(
        SQL["look_up"],
        *rows.columns(wanted.events, 3),
        *rows.columns(wanted.submissions, 2),
        *rows.columns(wanted.entries, 2),
        *rows.columns(wanted.subjects, 2),
    )
    found = Found(subjects=dict.fromkeys(wanted.subjects, Subject()))
    for kind, *columns in found_rows:
        if kind == "subject":
            portfolio, key, version, state = columns[0], columns[6], columns[8], columns[11]
            found.subjects[portfolio, key] = Subject(version, None if state is None else domain.load(key, json.loads(state)))
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


async def hash_of(connection: "Connection", portfolio: str, entry: int) -> str | None:
    """Return the hash of an entry, None when it is not stored."""
    return await connection.fetchval(SQL["hash_of"], portfolio, entry)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written at once: changes, and the position that they lead to from an older one."""

    partition: int
    old: Position
    new: Position
    changes: Changes
    standings: Mapping[str, Standing]


async def write(connection: "Connection", batch: Batch) -> None:
    """Store a batch in one transaction.

    Raises:
        Stale: when the partition is not where the batch began; nothing is stored then.

    """
    partition, changes, standings = batch.partition, batch.changes, batch.standings
    async with connection.transaction():
        moved = await connection.fetchval(
            SQL["advance"], partition, batch.old.next_offset, batch.new.next_offset, batch.new.intake_offset, *batch.new.judged
        )
        if moved is None:
            raise Stale(f"Partition {partition} is not at offset {batch.old.next_offset} any more.")
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
