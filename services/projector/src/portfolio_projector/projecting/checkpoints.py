"""Checkpoints: where each read model stands in a partition and in each of its portfolios; and what keeps them with the rows.

They are stored by comparison: a projector that is no longer the one that moves a read model finds another offset than it
thinks, and nothing of what it was about to write is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from portfolio_projector.description import ReadModel
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.folding import Kept
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.refusals import RefusedToRun
from portfolio_schemas.follow import NEW_PLACE, Place


class Stale(Exception):
    """Another projector moved a read model of this partition: what was about to be written is already there."""


class AlreadyThere(Exception):
    """There is a row already of what began in the step: nothing was written. With rows that are looked up it can be."""


class WrongVersion(RefusedToRun):
    """Rows were written by another version of a fold than is installed: the program refuses to mix them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a read model stands still in a portfolio: the entry that it could not fold, the hash before it, and a sentence."""

    entry: int
    previous: str
    detail: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a read model stands in a portfolio: its place in the log, and where its fold failed, if it did."""

    place: Place = NEW_PLACE
    failure: Failure | None = None


@dataclass(slots=True)
class Checkpoint:
    """Where one read model stands in a partition, and which entries (portfolio, number) an operator has it skip.

    `generation` tells its rows from others that were put in their place; `state` is what is still in memory of them as they are
    there. `lost` says what the log has lost; until an operator resumes the partition nobody may go on from here, however long the
    log is by then.
    """

    next_offset: int
    standings: dict[str, Standing] = field(default_factory=dict[str, Standing])
    skipped: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    state: Kept | None = None
    lost: str | None = None
    generation: int = 0

    def standing(self, portfolio: str) -> Standing:
        """Return where the read model stands in a portfolio."""
        return self.standings.get(portfolio, _NEW)


_NEW = Standing()


def lowest(known: Iterable[Checkpoint]) -> int:
    """Return the offset from which on a read model has not had everything."""
    return min(checkpoint.next_offset for checkpoint in known)


def places(known: Iterable[Checkpoint], offset: int) -> dict[str, Place]:
    """Return where to follow portfolios from, at an offset: of the read models that stand there, the one that has had least."""
    found = dict[str, Place]()
    for checkpoint in known:
        if checkpoint.next_offset == offset:
            for portfolio, standing in checkpoint.standings.items():
                other = found.get(portfolio)
                if other is None or standing.place.head.entry < other.head.entry:
                    found[portfolio] = standing.place
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """What is written at once: what folds changed, and the checkpoints that they lead to from older ones.

    `old` holds the offset of each read model before, `generations` which rows it had; `new` is the offset of all after; standings
    are (read model, portfolio, standing).
    """

    partition: int
    old: Mapping[str, int]
    new: int
    folded: Sequence[tuple[ReadModel[Any], Any]]
    standings: Sequence[tuple[str, str, Standing]]
    generations: Mapping[str, int]


class Session(Protocol):
    """One go at the rows of read models."""

    async def load(self, model: ReadModel[Any], state: object, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
        """Load into the state of a fold the rows that facts touch, as far as they name them, and those that it missed."""
        ...

    async def write(self, step: Step) -> None:
        """Write a step whole or not at all, and wake those who wait for its portfolios.

        Raises:
            Stale: when a read model does not stand where the step began; nothing is written then.
            AlreadyThere: when a row was there of what was taken for new; the same.

        """
        ...


class Store(Protocol):
    """Read models and their checkpoints as they are kept. Every call may fail as whatever keeps them does when it is away."""

    async def load(self, partition: int, models: Sequence[ReadModel[Any]]) -> dict[str, Checkpoint]:
        """Return the checkpoints of a partition by read model; one that has none stands at the beginning.

        Raises:
            WrongVersion: when rows were written by another version of a fold.

        """
        ...

    def session(self) -> AbstractAsyncContextManager[Session]:
        """Give a session for a batch."""
        ...

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry that was applied, None when it is not there."""
        ...

    async def see(self, partition: int, owner: str, end: int) -> dict[str, int]:
        """Remember who projects a partition, and where its end was a moment ago; return where read models stand in it now."""
        ...

    async def lose(self, partition: int, reason: str) -> None:
        """Say why a partition stands still."""
        ...
