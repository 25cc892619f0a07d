"""The state of a partition between memory and PostgreSQL: a look-up never misses what is on its way from one to the other."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from portfolio_ledger import sessions
from portfolio_ledger.judging.drafts import Draft
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.storage import PostgresStore
from portfolio_ledger.state.store import NotOwned, Stale
from portfolio_log.follower import Followed
from portfolio_schemas.follow import Head, Place
from tests.integration.ledger.conftest import Place as Here
from tests.unit.ledger.desks import NOW, event, submission

if TYPE_CHECKING:
    from portfolio_ledger.sessions import Connection

STATUS = "portfolio.product.product-conceived.v1"


class StoringPool:
    """A pool that lets something happen while a session is asked for."""

    def __init__(self, pool: Any) -> None:  # noqa: ANN401  a pool of asyncpg
        self.pool = pool
        self.meanwhile: Callable[[], Any] | None = None

    @asynccontextmanager
    async def acquire(self, *, timeout: float) -> AsyncGenerator["Connection"]:  # noqa: ASYNC109  as asyncpg has it
        """Let it happen, then give the session."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        async with self.pool.acquire(timeout=timeout) as connection:
            yield connection


def yes() -> bool:
    """The partition is owned."""
    return True


async def record(state: PartitionState, *submissions: Submission) -> list[str]:
    """Judge, and take the draft into the state as if it had been appended; return the verdicts."""
    await state.prepare(submissions)
    await state.load_subjects(submissions, (), state.subject)
    draft = Draft(state, now=NOW, salts=(f"{n:032x}" for n in count()), size_max=1_000_000)
    verdicts = [draft.judge(one).verdict for one in submissions]
    last = draft.entries[-1] if draft.entries else None
    places = {} if last is None else {last.portfolio: Place(Head(last.entry, last.hash))}
    offset = state.position.next_offset + len(draft.entries)
    state.confirm(draft, Followed(offset, entries=draft.entries, places=places))
    return verdicts


@asynccontextmanager
async def states(place: Here) -> AsyncGenerator[tuple[PartitionState, StoringPool]]:
    """The state of partition 0, in a pool where something may happen meanwhile."""
    async with sessions.pool(place.dsn, connections_max=4) as pool:
        storing: Any = StoringPool(pool)
        yield await PartitionState.load(PostgresStore(storing), 0), storing


async def test_what_is_stored_while_a_batch_is_looked_up_is_found(place: Here):
    """The recorded event leaves memory for PostgreSQL after it was looked for, and before it is asked for."""
    first, again = submission(event(), "0-0-0"), submission(event(), "0-1-0")
    corrects = submission(event(id="2", corrects=0), "0-2-0")
    async with states(place) as (state, pool):
        assert await record(state, first) == ["recorded"]
        pool.meanwhile = lambda: state.store(yes)
        assert await record(state, first, again, corrects) == ["recorded", "duplicate", "recorded"]
        assert state.head("acme").entry == 1


async def test_a_state_is_loaded_as_it_was_stored(place: Here):
    """Heads, times, positions, subjects and answers: another session goes on where the first one stopped."""
    async with states(place) as (state, _):
        await record(state, submission(event(), "0-5-3"))
        state.move_intake(6)
        state.set_own_intake("acme", 4)
        await state.store(yes)
    async with states(place) as (loaded, _):
        assert (loaded.position, loaded.standings) == (state.position, state.standings)
        assert loaded.position.judged == (5, 3)
        assert loaded.waits("acme")
        loaded.set_own_intake("acme", None)
        assert await record(loaded, submission(event(), "0-5-3"), submission(event(), "0-7-0")) == ["recorded", "duplicate"]


async def test_a_state_that_another_moved_is_not_written(place: Here):
    """The compare-and-swap on the offset: the slower one writes nothing."""
    async with states(place) as (fast, _), states(place) as (slow, _):
        for state in (fast, slow):
            await record(state, submission(event(), "0-0-0"))
        await fast.store(yes)
        with pytest.raises(Stale):
            await slow.store(yes)


async def test_a_state_is_not_written_without_the_lock(place: Here):
    """Whoever is not surely the owner leaves the rows alone."""
    async with states(place) as (state, _):
        await record(state, submission(event(), "0-0-0"))
        with pytest.raises(NotOwned):
            await state.store(lambda: False)
    async with states(place) as (loaded, _):
        assert loaded.position.next_offset == 0
