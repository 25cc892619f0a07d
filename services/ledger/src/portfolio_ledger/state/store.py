"""What the ledger asks of the place that keeps its state between two lives. PostgreSQL is one; simulations have another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from portfolio_ledger import domain
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Changes, Subject, SubjectKey
from portfolio_ledger.state.standings import Standing


class Stale(Exception):
    """Another ledger moved this partition's state: what was about to be written is there already, or never will be."""


class NotOwned(Exception):
    """The session that owned the partition is not surely alive: another process may have it."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a partition stands: folded up to `next_offset` of the ledger topic, answered up to `intake_offset` of intake.

    `judged` is the highest submission of this partition's own intake that an entry bears: offset and index. `lost` says what the
    log has lost; until an operator resumes the partition nobody may go on from here, however long the log is by then. `fold` is
    the one that made what is stored, None where it had no name.
    """

    next_offset: int = 0
    intake_offset: int | None = None
    judged: tuple[int, int] = (-1, -1)
    lost: str | None = None
    fold: str | None = domain.FOLD

    @property
    def is_current(self) -> bool:
        """Tell whether what is stored was made by the rules that run now: only then can it be read, and gone on with."""
        return self.fold == domain.FOLD


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
    """What was there of it, and where the partition stood at that moment: -1 where it has no position any more."""

    next_offset: int = -1
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


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written at once: changes, and the position that they lead to from an older one."""

    partition: int
    old: Position
    new: Position
    changes: Changes
    standings: Mapping[str, Standing]


AppliedHead = tuple[str, str, int, str]
"""Reader, portfolio, number and hash of the last entry that it has applied."""


class Store(Protocol):
    """The ledger's state as it is kept. Every call may fail as whatever keeps it does when it is away."""

    async def load(self, partition: int) -> tuple[Position, dict[str, Standing]]:
        """Return where a partition stands, and its portfolios; one that has no position begins at nothing."""
        ...

    async def forwarding_key(self, new: bytes) -> bytes:
        """Return the key by which all ledgers seal what they forward: the new one where there is none yet."""
        ...

    async def look_up(self, partition: int, wanted: Wanted) -> Found:
        """Look everything up in one round trip and one snapshot. Subjects that are not stored are found as new ones."""
        ...

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry, None when it is not stored."""
        ...

    async def write(self, batch: Batch, alive: Callable[[], bool]) -> None:
        """Store a batch whole or not at all; ask last of all before that whether its partition is owned.

        Raises:
            NotOwned: when it is not.
            Stale: when the partition is not where the batch began, or was folded by others; nothing is stored then.

        """
        ...

    async def forget(self, partition: int, old: Position, alive: Callable[[], bool], *, intake: int | None = None) -> None:
        """Forget what is stored of a partition up to a position: it begins at nothing, by the fold of the rules that run now.

        Intake goes on where it was, before what waits for a portfolio that was stopped, and at `intake` where that is earlier.

        Raises:
            NotOwned: when the partition is not surely owned.
            Stale: when it is not at that position, or was folded by others; nothing is forgotten then.

        """
        ...

    async def applied_heads(self) -> list[AppliedHead]:
        """Return the heads that readers have applied in all partitions; none where no reader shows any."""
        ...

    async def not_held(self, heads: Sequence[AppliedHead]) -> list[AppliedHead]:
        """Return those of the heads that are no entry of the stored state with the same hash."""
        ...
