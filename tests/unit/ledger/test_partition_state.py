"""The state of a partition over a store in memory: what another ledger, or a restored database, must not make of it."""

import asyncio
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from portfolio_ledger.judging.drafts import Draft
from portfolio_ledger.judging.serving import Partitions
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state.changes import Changes
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import Batch, Stale
from portfolio_log.follower import Followed
from portfolio_schemas.follow import Head, Place, Stop
from tests.unit.ledger.desks import NOW, event, submission
from tests.unit.simulation.ledger_store import LedgerTables, MemoryLedgerStore


async def record(state: PartitionState, *submissions: Submission) -> Followed:
    """Judge, take the draft into the state as if it had been appended, and return what the log holds now."""
    await state.prepare(submissions)
    await state.load_subjects(submissions, (), state.subject)
    draft = Draft(state, now=NOW, salts=(f"{n:032x}" for n in count()), size_max=1_000_000)
    for one in submissions:
        draft.judge(one)
    last = draft.entries[-1]
    places = {last.portfolio: Place(Head(last.entry, last.hash))}
    offset = state.position.next_offset + len(draft.entries)
    offsets = list(range(state.position.next_offset, offset))
    followed = Followed(offset, entries=draft.entries, offsets=offsets, places=places)
    state.confirm(draft, followed)
    return followed


async def two_of(store: MemoryLedgerStore) -> tuple[PartitionState, PartitionState, Followed]:
    """Two ledgers that began at the same state; the first has recorded and stored an event since."""
    first, second = await PartitionState.load(store, 0), await PartitionState.load(store, 0)
    followed = await record(first, submission(event(), "0-0-0"))
    await first.store(lambda: True)
    return first, second, followed


async def test_a_ledger_that_fell_behind_judges_nothing_by_what_another_has_stored():
    """It would find the very submission that it judges recorded, and call it a duplicate of itself."""
    _, second, _ = await two_of(MemoryLedgerStore())
    with pytest.raises(Stale):
        await second.prepare([submission(event(), "0-0-0")])


async def test_a_ledger_that_fell_behind_folds_nothing_into_what_another_has_stored():
    """It would count the events of a subject twice, and judge the next by a version that nobody made."""
    _, second, followed = await two_of(MemoryLedgerStore())
    with pytest.raises(Stale):
        await second.absorb(followed)


async def test_an_entry_that_is_not_stored_any_more_makes_no_orphan():
    """The database was restored to an earlier state: that tells nothing of the log."""
    store = MemoryLedgerStore()
    first, *_ = await two_of(store)
    assert await first.hash_of("acme", 0) is not None
    store.tables = LedgerTables()
    with pytest.raises(Stale):
        await first.hash_of("acme", 0)
    with pytest.raises(Stale):
        await first.check_stored()
    with pytest.raises(Stale):
        await first.not_held([("entries", "acme", 0, "f" * 64)])


async def test_new_submissions_wait_for_those_that_waited_before_them():
    """While a portfolio is stopped, and when it goes on until what it left in intake is judged, which is judged meanwhile."""
    store = MemoryLedgerStore()
    stopped = Standing(Place(Head(0, "a" * 64), stop=Stop(1, "b" * 64, "It is an orphan.")), "", None)
    late = Standing(Place(Head(0, "a" * 64)), "", 7)
    fine = Standing(Place(Head(0, "a" * 64)), "", None)
    old, _ = await store.load(0)
    standings = {"stopped": stopped, "late": late, "fine": fine}
    await store.write(Batch(0, old, replace(old, next_offset=2), Changes(), standings), lambda: True)
    state = await PartitionState.load(store, 0)
    assert [state.waits(name) for name in ("stopped", "late", "fine", "never heard of")] == [True, True, False, False]
    assert state.resumed() == "late"
    state.catching_up = "late"
    assert [state.waits(name) for name in ("stopped", "late", "fine")] == [True, False, False]
    state.catching_up = None
    state.set_own_intake("late", None)
    assert (state.waits("late"), state.resumed()) == (False, None)


async def test_what_is_corrected_is_found_before_it_is_stored_and_after():
    """Else a correction would be refused that comes in the moment behind what it corrects."""
    state = await PartitionState.load(MemoryLedgerStore(), 0)
    await record(state, submission(event(), "0-0-0"))
    correction = submission(event(id="2", corrects=0), "0-1-0")
    for _ in range(2):
        await state.prepare([correction])
        found = state.entry("acme", 0)
        assert found is not None
        assert found.submission == "0-0-0"
        await state.store(lambda: True)


async def test_a_partition_ends_when_it_is_told_to_even_if_something_fails_at_that_moment(monkeypatch: pytest.MonkeyPatch):
    """A task group gives out the failure of a task in it, not that it was cancelled."""
    begun = asyncio.Event()

    async def work(*_: object) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail_at_the_end())
            begun.set()
            await asyncio.Event().wait()

    async def fail_at_the_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise Stale

    monkeypatch.setattr(Partitions, "_work", work)
    shared: Any = None  # nothing of it is asked for before the next try
    serving = asyncio.ensure_future(Partitions(shared).serve(0, lambda: True))
    await begun.wait()
    serving.cancel()
    await asyncio.wait({serving}, timeout=5)
    assert serving.cancelled()
