"""A PostgreSQL that misbehaves, as one process sees it; and what must be true of it after every commit."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import AppliedHead, Batch, Found, Position, Wanted
from portfolio_projector.description import ReadModel
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.projecting.checkpoints import Checkpoint, Session, Step
from tests.unit.simulation.ledger_store import MemoryLedgerStore
from tests.unit.simulation.process import Away, Process
from tests.unit.simulation.projector_store import MemoryProjectorStore

Result = TypeVar("Result")


async def _ask(process: Process, question: Callable[[], Awaitable[Result]]) -> Result:
    """Ask the database something: on the way there, and on the way back, anything may happen."""
    await process.step("postgres")
    answer = await question()
    await process.step("postgres")
    return answer


async def _commit(process: Process, write: Callable[[], Awaitable[None]], check: Callable[[], None]) -> None:
    """Commit something: now and then nobody knows whether it was."""
    await process.step("postgres")
    fault = None
    if process.world.strikes(process.world.climate.commits, "commit unknown"):
        fault = process.world.dice.choice(("lost", "done"))
    if fault != "lost":
        await write()
        check()
    if fault:
        raise Away(f"the connection broke during a commit, which is {fault}")
    await process.step("postgres")


class LedgerDatabase:
    """The ledger's store over the connection of a process. See `portfolio_ledger.state.store.Store`."""

    def __init__(self, process: Process, store: MemoryLedgerStore, check: Callable[[Batch], None]) -> None:
        self._process = process
        self._store = store
        self._check = check

    async def load(self, partition: int) -> tuple[Position, dict[str, Standing]]:
        """See `Store.load`."""
        return await _ask(self._process, lambda: self._store.load(partition))

    async def forwarding_key(self, new: bytes) -> bytes:
        """See `Store.forwarding_key`."""
        return await _ask(self._process, lambda: self._store.forwarding_key(new))

    async def look_up(self, partition: int, wanted: Wanted) -> Found:
        """See `Store.look_up`."""
        return await _ask(self._process, lambda: self._store.look_up(partition, wanted))

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """See `Store.hash_of`."""
        return await _ask(self._process, lambda: self._store.hash_of(portfolio, entry))

    async def write(self, batch: Batch, alive: Callable[[], bool]) -> None:
        """See `Store.write`."""
        await _commit(self._process, lambda: self._store.write(batch, alive), lambda: self._check(batch))

    async def forget(self, partition: int, old: Position, alive: Callable[[], bool], *, intake: int | None = None) -> None:
        """See `Store.forget`. Nobody may forget but what he has seen: whatever comes of it later, it breaks here."""

        async def forget() -> None:
            stood = self._store.tables.positions[partition]
            await self._store.forget(partition, old, alive, intake=intake)
            if (stood.next_offset, stood.fold) != (old.next_offset, old.fold):
                raise self._process.world.break_(f"partition {partition} was forgotten, though another had made it anew")

        await _commit(self._process, forget, lambda: None)

    async def applied_heads(self) -> list[AppliedHead]:
        """See `Store.applied_heads`."""
        return await _ask(self._process, self._store.applied_heads)

    async def not_held(self, heads: Sequence[AppliedHead]) -> list[AppliedHead]:
        """See `Store.not_held`."""
        return await _ask(self._process, lambda: self._store.not_held(heads))


class ProjectorDatabase:
    """The projector's store over the connection of a process. See `portfolio_projector.projecting.checkpoints.Store`."""

    def __init__(self, process: Process, store: MemoryProjectorStore, check: Callable[[Step], None]) -> None:
        self._process = process
        self._store = store
        self._check = check

    async def load(self, partition: int, models: Sequence[ReadModel[Any]]) -> dict[str, Checkpoint]:
        """See `Store.load`."""
        return await _ask(self._process, lambda: self._store.load(partition, models))

    @asynccontextmanager
    async def session(self) -> "AsyncGenerator[_ProjectorSession]":
        """See `Store.session`."""
        await self._process.step("postgres")
        async with self._store.session() as session:
            yield _ProjectorSession(self._process, session, self._check)

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """See `Store.hash_of`."""
        return await _ask(self._process, lambda: self._store.hash_of(portfolio, entry))

    async def see(self, partition: int, owner: str, end: int) -> dict[str, int]:
        """See `Store.see`."""
        return await _ask(self._process, lambda: self._store.see(partition, owner, end))

    async def lose(self, partition: int, reason: str) -> None:
        """See `Store.lose`."""
        await _ask(self._process, lambda: self._store.lose(partition, reason))


class _ProjectorSession:
    def __init__(self, process: Process, session: Session, check: Callable[[Step], None]) -> None:
        self._process = process
        self._session = session
        self._check = check

    async def load(self, model: ReadModel[Any], state: object, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
        await _ask(self._process, lambda: self._session.load(model, state, facts, missing))

    async def write(self, step: Step) -> None:
        if not self._process.alive():
            raise self._process.world.break_("a batch is written without the partition")
        await _commit(self._process, lambda: self._session.write(step), lambda: self._check(step))
