"""The ledger's tables in memory: the double of its PostgreSQL, which passes the same contract."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field

from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Subject, SubjectKey
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import AppliedHead, Batch, Found, NotOwned, Position, Stale, Wanted

_NEW = Subject()


@dataclass
class LedgerTables:
    """What is stored; every value in it is frozen."""

    positions: dict[int, Position] = field(default_factory=dict[int, Position])
    standings: dict[str, tuple[int, Standing]] = field(default_factory=dict[str, tuple[int, Standing]])
    subjects: dict[SubjectKey, Subject] = field(default_factory=dict[SubjectKey, Subject])
    entries: dict[tuple[str, int], Answer] = field(default_factory=dict[tuple[str, int], Answer])

    def copy(self) -> "LedgerTables":
        """A dump, to be restored later."""
        return LedgerTables(copy(self.positions), copy(self.standings), copy(self.subjects), copy(self.entries))


class MemoryLedgerStore:
    """See `portfolio_ledger.state.store.Store`. `applied` gives the heads that readers show; `key` is that of forwarding."""

    def __init__(self, applied: Callable[[], Sequence[AppliedHead]] = tuple, *, key: bytes | None = None) -> None:
        self.tables = LedgerTables()
        self._key = key
        self._applied = applied

    async def load(self, partition: int) -> tuple[Position, dict[str, Standing]]:
        """Return where a partition stands."""
        position = self.tables.positions.setdefault(partition, Position())
        return position, {name: standing for name, (there, standing) in self.tables.standings.items() if there == partition}

    async def forwarding_key(self, new: bytes) -> bytes:
        """Return the key by which what is forwarded is sealed."""
        self._key = self._key or new
        return self._key

    async def look_up(self, partition: int, wanted: Wanted) -> Found:
        """Look everything up."""
        entries, subjects = self.tables.entries, self.tables.subjects
        found = Found(subjects={key: subjects.get(key, _NEW) for key in wanted.subjects})
        if partition in self.tables.positions:
            found.next_offset = self.tables.positions[partition].next_offset
        for key in wanted.entries & entries.keys():
            found.entries[key] = entries[key]
        if wanted.events or wanted.submissions:
            for answer in entries.values():
                event, submission = (answer.portfolio, answer.source, answer.id), (answer.portfolio, answer.submission)
                if event in wanted.events and answer.recorded:
                    found.events[event] = answer
                if submission in wanted.submissions and not answer.is_consequence:
                    found.submissions.setdefault(submission, []).append(answer)
        return found

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry."""
        answer = self.tables.entries.get((portfolio, entry))
        return None if answer is None else answer.hash

    async def write(self, batch: Batch, alive: Callable[[], bool]) -> None:
        """Store a batch."""
        if not alive():
            raise NotOwned
        position = self.tables.positions.get(batch.partition)
        if position is None or (position.next_offset, position.fold) != (batch.old.next_offset, batch.old.fold):
            raise Stale(f"Partition {batch.partition} is not at offset {batch.old.next_offset} any more.")
        taken = [key for answer in batch.changes.answers if (key := (answer.portfolio, answer.entry)) in self.tables.entries]
        if taken:
            raise LookupError(f"These entries are stored already: {taken}")
        self.tables.positions[batch.partition] = batch.new
        for answer in batch.changes.answers:
            self._insert(answer)
        self.tables.subjects |= batch.changes.subjects
        self.tables.standings |= {name: (batch.partition, standing) for name, standing in batch.standings.items()}

    async def forget(self, partition: int, old: Position, alive: Callable[[], bool], *, intake: int | None = None) -> None:
        """Forget what is stored of a partition."""
        if not alive():
            raise NotOwned
        tables, position = self.tables, self.tables.positions[partition]
        if (position.next_offset, position.fold) != (old.next_offset, old.fold):
            raise Stale(f"Partition {partition} is not at offset {old.next_offset} any more.")
        mine = {name: standing for name, (there, standing) in tables.standings.items() if there == partition}
        waiting = [position.intake_offset, intake, *(standing.intake_offset for standing in mine.values())]
        first = None if position.intake_offset is None else min(offset for offset in waiting if offset is not None)
        tables.positions[partition] = Position(intake_offset=first)
        tables.standings = {name: kept for name, kept in tables.standings.items() if name not in mine}
        tables.subjects = {key: subject for key, subject in tables.subjects.items() if key[0] not in mine}
        tables.entries = {key: answer for key, answer in tables.entries.items() if key[0] not in mine}

    async def applied_heads(self) -> list[AppliedHead]:
        """Return the heads that readers have applied."""
        return list(self._applied())

    async def not_held(self, heads: Sequence[AppliedHead]) -> list[AppliedHead]:
        """Return those of the heads that are not stored."""
        return [head for head in heads if await self.hash_of(*head[1:3]) != head[3]]

    def _insert(self, answer: Answer) -> None:
        """Add a row; the number of the last consequence is found from the consequences, as PostgreSQL does."""
        entries = self.tables.entries
        entries[answer.portfolio, answer.entry] = answer.reaching_to(answer.entry)
        if answer.is_consequence:
            cause = (answer.portfolio, int(answer.id.partition(".")[0]))
            entries[cause] = entries[cause].reaching_to(answer.entry)
