"""Folding a read model into tables beside its own, from the entries that are kept."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from portfolio_log import reading
from portfolio_log.follower import Followed
from portfolio_projector.description import ReadModel
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.projecting.checkpoints import Checkpoint, Failure, Step
from portfolio_projector.rebuilding.beside import Beside
from portfolio_projector.statements import Statements
from portfolio_schemas.entries import EMPTY_HASH, Entry
from portfolio_schemas.follow import Head, Place

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.rebuilding")
_ENTRIES_AT_ONCE = 2000
_KNOWN_SIZE_MAX = 8 * 1024 * 1024


class NotLinked(Exception):
    """The entries that are kept do not follow one another: `args[0]` says where."""


class Rebuilt:
    """The rows of one read model that are being made beside, and how far they are in each portfolio."""

    def __init__(self, connection: "Connection", model: ReadModel[Any], skipped: set[tuple[str, int]]) -> None:
        self._connection = connection
        self._model = model
        self._session = _Session(connection, model)
        self._skipped = skipped
        self._known = dict[str, Checkpoint]()
        self._heads = dict[str, Head]()
        self.entries = 0

    @property
    def failures(self) -> Mapping[str, Failure]:
        """Where the fold fails, by portfolio."""
        standings = {portfolio: checkpoint.standing(portfolio) for portfolio, checkpoint in self._known.items()}
        return {portfolio: standing.failure for portfolio, standing in standings.items() if standing.failure is not None}

    async def fold(self, heads: Mapping[str, int]) -> None:
        """Fold each portfolio to an entry. What is further on than that already was folded for a later one.

        Raises:
            NotLinked: when the entries that are kept are not the log.

        """
        for portfolio, entry in heads.items():
            checkpoint = self._known.setdefault(portfolio, Checkpoint(0, skipped=self._skipped))
            while (head := self._heads.get(portfolio, _BEGINNING)).entry < entry:
                read = await self._read(portfolio, head, entry)
                self._heads[portfolio] = place = Head(read[-1][1].entry, read[-1][1].hash)
                self.entries += len(read)
                await self._fold(portfolio, checkpoint, read, place)

    async def _fold(self, portfolio: str, checkpoint: Checkpoint, read: Sequence[tuple[int, Entry]], head: Head) -> None:
        followed = Followed(
            checkpoint.next_offset,
            entries=[entry for _, entry in read],
            offsets=[offset for offset, _ in read],
            places={portfolio: Place(head)},
        )
        batch = Batch([self._model], {self._model.name: checkpoint}, followed, again=True)
        await batch.fold(self._session)
        await batch.write(self._session, 0)
        batch.settle(size_max=_KNOWN_SIZE_MAX)

    async def _read(self, portfolio: str, head: Head, last: int) -> Sequence[tuple[int, Entry]]:
        records = await self._connection.fetch(_SQL["entries"], portfolio, head.entry, last, _ENTRIES_AT_ONCE)
        found, before = list[tuple[int, Entry]](), head
        for offset, value in records:
            entry = reading.read(value)
            if not isinstance(entry, Entry) or entry.entry != before.entry + 1 or entry.previous != before.hash:
                raise NotLinked(f"Entry {before.entry + 1} of {portfolio} is not kept, or does not follow entry {before.entry}.")
            before = Head(entry.entry, entry.hash)
            found.append((offset, entry))
        if not found:
            raise NotLinked(f"Entry {head.entry + 1} of {portfolio} is not kept.")
        return found


_BEGINNING = Head(-1, EMPTY_HASH)


class _Session:
    """A session for batches that writes rows beside, and no checkpoints. See `checkpoints.Session`."""

    def __init__(self, connection: "Connection", model: ReadModel[Any]) -> None:
        self._connection = connection
        self._beside = cast("Connection", Beside(connection, [table.name for table in model.tables]))

    async def load(self, model: ReadModel[Any], state: object, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
        """Load rows as the read model says."""
        await model.load(self._beside, state, facts, missing)

    async def write(self, step: Step) -> None:
        """Write rows in one transaction."""
        async with self._connection.transaction():
            for model, state in step.folded:
                await model.write(self._beside, state)
