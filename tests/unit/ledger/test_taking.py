"""Taking from intake: its position passes a record when its receipts are out, and not before, and none beyond it."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portfolio_ledger.intake.reader import IntakeRecord
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.intake.sender import Message
from portfolio_ledger.judging import taking
from portfolio_ledger.judging.taking import Taking
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_log.topics import Topics
from tests import waiting
from tests.unit.simulation.ledger_store import MemoryLedgerStore
from tests.unit.simulation.world import read_text


class Records:
    """Intake that has records at some offsets once, and stands at a position behind them."""

    def __init__(self, offsets: Sequence[int], position: int) -> None:
        self._left = [IntakeRecord(offset, None, b"no event", ()) for offset in offsets]
        self._position = position

    async def read(self, **_: object) -> tuple[Sequence[IntakeRecord], int]:
        """Give all, and then nothing more."""
        if not self._left:
            await asyncio.Event().wait()
        found, self._left = self._left, []
        return found, self._position


async def nothing() -> None:
    """Follow a log in which nothing comes."""


async def test_the_position_in_intake_passes_what_is_answered_and_no_more(monkeypatch: pytest.MonkeyPatch):
    """Stretch by stretch, each once its receipts are acknowledged; at the end it is where the reader stands."""
    monkeypatch.setattr(taking, "BATCH_MAX", 1)
    noted, gate, sent = list[int](), asyncio.Semaphore(0), list[Message]()

    async def send(messages: Sequence[Message]) -> None:
        await gate.acquire()
        sent.extend(messages)

    def note(partition: int, position: int) -> None:
        assert partition == 0
        noted.append(position)

    def hear(*_: object) -> None:
        """Nobody waits in this process."""

    state = await PartitionState.load(MemoryLedgerStore(), 0)
    shared: Any = SimpleNamespace(
        topics=Topics(),
        partitions=1,
        send=send,
        note=note,
        answers=SimpleNamespace(deliver=hear),
        read_text=read_text,
    )
    judge: Any = SimpleNamespace(follow=nothing)
    work = Taking(shared, state, judge, cast("Any", Records([4, 7], 9)), lambda: True, seal=Seal(b"k" * 32))
    running = asyncio.ensure_future(work.run())
    await waiting.until(lambda: work._outbox._waiting_bytes > 0, "receipts wait")
    assert noted == []
    gate.release()
    gate.release()
    await waiting.until(lambda: 9 in noted, "everything is passed")
    assert noted == [5, 8, 9]
    assert state.position.intake_offset == 9
    assert sorted(dict(message.headers)["submission"] for message in sent) == [b"0-4-0"] * 2 + [b"0-7-0"] * 2
    running.cancel()
    await asyncio.wait({running})
