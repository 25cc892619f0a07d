"""The projector's tables in memory: the double of its PostgreSQL, which passes the same contract.

Which tables a read model has is seen from the state of its fold: `Rows` are looked up by key, lists only grow.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any, cast

from portfolio_projector.description import ReadModel
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded, Rows
from portfolio_projector.projecting.checkpoints import Checkpoint, Stale, Standing, Step, WrongVersion
from portfolio_projector.read_models.backlogs.order import FOLLOWERS
from portfolio_projector.read_models.backlogs.state import Backlogs

Row = tuple[Any, ...]
Table = tuple[str, str]
"""Read model, and attribute of its state."""


def parts(state: object) -> dict[str, "Rows[Any, Any] | list[Row]"]:
    """Return what a fold's state holds rows in, by attribute."""
    return {name: part for name, part in vars(state).items() if isinstance(part, (Rows, list))}


def rows_of(part: "Rows[Any, Any] | list[Row]") -> Mapping[Any, Row]:
    """Return rows by key; those of a list by their place in it."""
    return dict(enumerate(part)) if isinstance(part, list) else part.all()


@dataclass
class ProjectorTables:
    """What is stored; every row in it is frozen. Rows of a table are kept by portfolio, which comes first in each."""

    versions: dict[str, int] = field(default_factory=dict[str, int])
    positions: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    standings: dict[tuple[str, str], tuple[int, Standing]] = field(default_factory=dict[tuple[str, str], tuple[int, Standing]])
    rows: dict[tuple[Table, str], dict[Any, Row]] = field(default_factory=dict[tuple[Table, str], dict[Any, Row]])
    lost: dict[int, str] = field(default_factory=dict[int, str])
    seen: dict[int, tuple[str, int]] = field(default_factory=dict[int, tuple[str, int]])

    def copy(self) -> "ProjectorTables":
        """A dump, to be restored later."""
        rows = {key: copy(table) for key, table in self.rows.items()}
        return ProjectorTables(
            copy(self.versions), copy(self.positions), copy(self.standings), rows, copy(self.lost), copy(self.seen)
        )


class MemoryProjectorStore:
    """See `portfolio_projector.projecting.checkpoints.Store`, and `Session`, which it is as well."""

    def __init__(self) -> None:
        self.tables = ProjectorTables()

    def drop(self, model: str) -> None:
        """Drop everything of one read model, as when another version of it is to be built."""
        tables = self.tables
        tables.positions = {key: offset for key, offset in tables.positions.items() if key[0] != model}
        tables.standings = {key: standing for key, standing in tables.standings.items() if key[0] != model}
        tables.rows = {key: rows for key, rows in tables.rows.items() if key[0][0] != model}

    async def load(self, partition: int, models: Sequence[ReadModel[Any]]) -> dict[str, Checkpoint]:
        """Return the checkpoints of a partition."""
        found = dict[str, Checkpoint]()
        for model in models:
            version = self.tables.versions.setdefault(model.name, model.folding.version)
            if version != model.folding.version:
                raise WrongVersion(f"The rows of the read model {model.name} are of version {version}.")
            found[model.name] = Checkpoint(self.tables.positions.setdefault((model.name, partition), 0))
        for (name, portfolio), (there, standing) in self.tables.standings.items():
            if there == partition and name in found:
                found[name].standings[portfolio] = standing
        return found

    @asynccontextmanager
    async def session(self) -> "AsyncGenerator[MemorySession]":
        """Give a session for a batch."""
        yield MemorySession(self)

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an entry that was applied."""
        row = self.tables.rows.get((("entries", "entries"), portfolio), {}).get(entry)
        return None if row is None else cast("bytes", row[2]).hex()

    async def see(self, partition: int, owner: str, end: int) -> dict[str, int]:
        """Remember who is at work, and return where read models stand."""
        self.tables.seen[partition] = (owner, end)
        return {name: offset for (name, there), offset in self.tables.positions.items() if there == partition}

    async def lose(self, partition: int, reason: str) -> None:
        """Say why a partition stands still."""
        self.tables.lost[partition] = reason


class MemorySession:
    """See `portfolio_projector.projecting.checkpoints.Session`."""

    def __init__(self, store: MemoryProjectorStore) -> None:
        self._store = store

    async def load(self, model: ReadModel[Any], state: object, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
        """Load what is not known yet of the portfolios that facts are about; say of what was missed that it is not there."""
        tables = self._store.tables
        portfolios = sorted({fact.portfolio for fact in facts})
        for name, part in parts(state).items():
            if isinstance(part, Rows):
                stored = {k: row for one in portfolios for k, row in tables.rows.get(((model.name, name), one), {}).items()}
                wanted = part.unknown([*stored, *(lack.key for lack in missing if lack.table == part.table)])
                part.learn(wanted, [stored[key] for key in wanted if key in stored])
        if isinstance(state, Backlogs):
            _learn_orders(state, missing)

    async def write(self, step: Step) -> None:
        """Write a step."""
        tables = self._store.tables
        if any(tables.positions.get((name, step.partition)) != offset for name, offset in step.old.items()):
            raise Stale(f"Partition {step.partition} is not at {dict(step.old)} any more.")
        for model, state in step.folded:
            for name, part in parts(state).items():
                for key, row in enumerate(part) if isinstance(part, list) else part.changed.items():
                    table = tables.rows.setdefault(((model.name, name), row[0]), {})
                    table[len(table) if isinstance(part, list) else key] = row
        tables.positions |= {(name, step.partition): step.new for name in step.old}
        tables.standings |= {(name, portfolio): (step.partition, standing) for name, portfolio, standing in step.standings}
        tables.lost.pop(step.partition, None)


def _learn_orders(state: Backlogs, missing: Sequence[NotLoaded]) -> None:
    """Give a backlog's fold the whole order of every product that it knows of, and of those that it asked for."""
    for row in state.items.all().values():
        if row.rank is not None:
            state.order(row.portfolio, row.product).learn(row.rank, row.item)
    for row in state.products.all().values():
        state.order(row.portfolio, row.product).whole = True
    for lack in missing:
        if lack.table == FOLLOWERS:
            portfolio, product, _ = cast("tuple[str, str, str]", lack.key)
            state.order(portfolio, product).whole = True
