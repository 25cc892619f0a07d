"""Checkpoints: where each read model stands in a partition and in each of its portfolios.

They are stored by comparison: a projector that is no longer the one that moves a read model finds another offset than it
thinks, and everything it was about to write is rolled back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portfolio_projector.description import ReadModel
from portfolio_projector.refusals import RefusedToRun
from portfolio_projector.statements import Statements
from portfolio_projector.storing import columns
from portfolio_schemas.follow import NEW_PLACE, Head, Place, Stop

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector")


class Stale(Exception):
    """Another projector moved a read model of this partition: what was about to be written is already there."""


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
    """Where one read model stands in a partition."""

    next_offset: int
    standings: dict[str, Standing] = field(default_factory=dict[str, Standing])

    def standing(self, portfolio: str) -> Standing:
        """Return where the read model stands in a portfolio."""
        return self.standings.get(portfolio, _NEW)


_NEW = Standing()


async def load(connection: "Connection", partition: int, models: Sequence[ReadModel[Any]]) -> dict[str, Checkpoint]:
    """Read the checkpoints of a partition by read model; one that has none stands at the beginning.

    Raises:
        WrongVersion: when rows were written by another version of a fold.

    """
    versions = {model.name: model.folding.version for model in models}
    await connection.execute(_SQL["begin"], list(versions), partition, list(versions.values()))
    found = dict[str, Checkpoint]()
    for name, version, next_offset in await connection.fetch(_SQL["positions"], partition):
        if name in versions:
            if version != versions[name]:
                raise WrongVersion(
                    f"The rows of the read model {name} are of version {version}, this program folds version {versions[name]}: "
                    "run the program that wrote them, or drop the read model's rows and positions and let it be built anew."
                )
            found[name] = Checkpoint(next_offset)
    for row in await connection.fetch(_SQL["heads"], partition):
        if row["read_model"] in found:
            found[row["read_model"]].standings[row["portfolio"]] = _standing(row)
    return found


async def advance(connection: "Connection", partition: int, old: Mapping[str, int], new: int) -> None:
    """Move read models from their old offsets to a new one, within a transaction.

    Raises:
        Stale: when one of them does not stand where it was thought to.

    """
    moved = await connection.fetch(_SQL["advance"], partition, list(old), list(old.values()), new)
    if len(moved) != len(old):
        raise Stale(f"Partition {partition} is not at {dict(old)} any more.")


async def save(connection: "Connection", partition: int, standings: Iterable[tuple[str, str, Standing]]) -> None:
    """Store where read models stand in portfolios: (read model, portfolio, standing)."""
    rows = [(model, portfolio, *_row(standing)) for model, portfolio, standing in sorted(standings, key=lambda one: one[:2])]
    if rows:
        await connection.execute(_SQL["save_heads"], partition, *columns(rows))


async def lose(connection: "Connection", partition: int, reason: str) -> None:
    """Say why a partition stands still."""
    await connection.execute(_SQL["lose"], partition, reason)


def _standing(row: Mapping[str, Any]) -> Standing:
    stop = failure = None
    if row["stop_offset"] is not None:
        stop = Stop(row["stop_offset"], row["stop_hash"], row["stop_detail"])
    if row["failed_entry"] is not None:
        failure = Failure(row["failed_entry"], row["failed_previous"], row["failed_detail"])
    return Standing(Place(Head(row["entry"], row["hash"]), row["tip"], stop), failure)


def _row(standing: Standing) -> tuple[int | str | None, ...]:
    place, failure = standing.place, standing.failure
    stop = (None, None, None) if place.stop is None else (place.stop.offset, place.stop.hash, place.stop.detail)
    failed = (None, None, None) if failure is None else (failure.entry, failure.previous, failure.detail)
    return (place.head.entry, place.head.hash, place.tip, *stop, *failed)
