"""Serving a partition: whatever goes wrong it begins again, and nothing is left of what served it before."""

import asyncio
import contextlib
import gc
import random
import weakref
from collections.abc import Generator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Self

import pytest

from portfolio_ledger.intake.reader import IntakeLost
from portfolio_ledger.judging import serving
from portfolio_ledger.judging.serving import Partitions
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_log.log import Bounds
from tests import waiting
from tests.unit.simulation.ledger_store import MemoryLedgerStore


class EmptyIntake:
    """Intake in which nothing waits, and that is cut off after a while."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""

    async def begin(self, position: int | None) -> int:
        """Begin at the only position that there is."""
        if position:
            raise IntakeLost("it is gone")
        return 0

    async def read(self, **_: object) -> object:
        """Wait, as every read does, and fail."""
        await asyncio.sleep(0)
        raise OSError("the broker is away")


class EmptyLog:
    """A log without records."""

    async def bounds(self, _: int) -> Bounds:
        """Begin and end at 0."""
        return Bounds(0, 0)


def _open_intake(_: int) -> EmptyIntake:
    return EmptyIntake()


@contextlib.contextmanager
def uncollected() -> Generator[None]:
    """Keep the collector from looking by itself."""
    gc.collect()
    gc.freeze()  # what other tests have left is looked at once, and not at each interruption
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def shared(store: MemoryLedgerStore) -> Any:  # noqa: ANN401  what serving asks for, and no more
    """What programs share, with nothing in the log and in intake."""
    return SimpleNamespace(
        store=store,
        log=EmptyLog(),
        partitions=1,
        open_intake=_open_intake,
        send=None,
        now=lambda: datetime.now(UTC),
        chance=random.Random(1),  # noqa: S311  spreads retries
    )


async def test_a_partition_is_not_served_while_what_a_portfolio_left_in_intake_is_lost(monkeypatch: pytest.MonkeyPatch):
    """However often it is tried: the door stays shut until the loss is accepted, and does not open for a moment at each try."""
    monkeypatch.setattr(serving, "_RETRY_SECONDS_MIN", 0.001)
    monkeypatch.setattr(serving, "_RETRY_SECONDS_MAX", 0.001)
    store, said = MemoryLedgerStore(), list[bool]()
    state = await PartitionState.load(store, 0, partitions=1)
    state.set_own_intake("acme", 99)
    await state.store(lambda: True)
    partitions = Partitions(shared(store))

    def say(_: int, *, serving: bool) -> None:
        said.append(serving)

    monkeypatch.setattr(partitions, "_set_serving", say)
    running = asyncio.ensure_future(partitions.serve(0, lambda: True))
    await waiting.until(lambda: len(said) > 5, "serving was tried again and again")
    running.cancel()
    await asyncio.wait({running})
    assert not any(said)


async def test_nothing_is_left_of_what_served_before(monkeypatch: pytest.MonkeyPatch):
    """However often serving is interrupted there is one state, in memory that stays as large as it is."""
    monkeypatch.setattr(serving, "_RETRY_SECONDS_MIN", 0.001)
    monkeypatch.setattr(serving, "_COLLECT_SECONDS", 0)
    made, load = list[weakref.ref[PartitionState]](), PartitionState.load

    async def remembered(*arguments: Any, **named: Any) -> PartitionState:  # noqa: ANN401  as they are
        state = await load(*arguments, **named)
        made.append(weakref.ref(state))
        return state

    monkeypatch.setattr(PartitionState, "load", remembered)
    with uncollected():
        running = asyncio.ensure_future(Partitions(shared(MemoryLedgerStore())).serve(0, lambda: True))
        await waiting.until(lambda: len(made) > 20, "serving was interrupted again and again")
        assert sum(state() is not None for state in made) <= 2  # the one that serves, and one that is being let go
        running.cancel()
        await asyncio.wait({running})
