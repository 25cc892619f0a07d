"""Taking from intake: its position passes a record when its receipts are out, and not before, and none beyond it."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portfolio_ledger.intake.reader import IntakeRecord
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.intake.sender import Message
from portfolio_ledger.judging import taking
from portfolio_ledger.judging.judge import Judge
from portfolio_ledger.judging.taking import Taking
from portfolio_ledger.state.partition_state import PartitionState
from portfolio_ledger.state.store import Batch
from portfolio_log.follower import Follower
from portfolio_log.log import Bounds, Record
from portfolio_log.topics import Topics
from tests import waiting
from tests.unit.ledger.desks import CONCEIVED, NOW, event
from tests.unit.simulation.ledger_store import MemoryLedgerStore
from tests.unit.simulation.world import read_text


class Records:
    """Intake that has records at some offsets once, and stands at a position behind them."""

    def __init__(self, offsets: Sequence[int], position: int, value: bytes = b"no event") -> None:
        self._left = [IntakeRecord(offset, None, value, ()) for offset in offsets]
        self._position = position

    async def read(self, **_: object) -> tuple[Sequence[IntakeRecord], int]:
        """Give all, and then nothing more."""
        if not self._left:
            await asyncio.Event().wait()
        found, self._left = self._left, []
        return found, self._position


class Appended:
    """A log that takes everything; `end` is the next offset."""

    def __init__(self) -> None:
        self.end = 0

    async def append(self, _: int, records: Sequence[tuple[str, bytes]]) -> int:
        """Append."""
        base, self.end = self.end, self.end + len(records)
        return base

    async def bounds(self, _: int) -> Bounds:
        """Tell where it ends."""
        return Bounds(0, self.end)

    async def read(self, *_: object, **__: object) -> Sequence[Record]:
        """Give nothing: nobody else writes."""
        return ()


class SlowStore(MemoryLedgerStore):
    """A store that writes when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.told = asyncio.Event()

    async def write(self, batch: Batch, alive: Callable[[], bool]) -> None:
        """Write by and by."""
        await self.told.wait()
        await super().write(batch, alive)


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


async def test_a_judge_waits_until_what_it_judged_is_stored(monkeypatch: pytest.MonkeyPatch):
    """Stretch by stretch, not read by read: a few records hold thousands of submissions, and memory holds what is not stored."""
    monkeypatch.setattr(taking, "BATCH_MAX", 1)
    monkeypatch.setattr(taking, "_UNSTORED_MAX", 2)

    async def send(_: Sequence[Message]) -> None:
        """Send at once."""

    def hear(*_: object) -> None:
        """Nobody hears, or notes."""

    store, log, yes = SlowStore(), Appended(), lambda: True
    state = await PartitionState.load(store, 0)
    follower = Follower(cast("Any", log), partition=0, partitions=1, next_offset=0, places={}, old_hash=state.hash_of)
    judge = Judge(state, cast("Any", log), follower, alive=yes, now=lambda: NOW, chance=random.Random(1))  # noqa: S311  salts of a test
    shared: Any = SimpleNamespace(
        topics=Topics(), partitions=1, send=send, note=hear, answers=SimpleNamespace(deliver=hear), read_text=read_text
    )
    value = json.dumps([event(CONCEIVED, "product/pay", id=str(n)) for n in range(3)]).encode()  # refused, each time anew
    monkeypatch.setattr(judge, "follow", nothing)
    work = Taking(shared, state, judge, cast("Any", Records(range(6), 6, value)), yes, seal=Seal(b"k" * 32))
    running = asyncio.ensure_future(work.run())
    await waiting.until(lambda: state._memory.writing is not None, "what was judged is being stored")
    assert log.end == 3
    store.told.set()
    await waiting.until(lambda: log.end == 18 and not state.unstored, "all is judged and stored")
    running.cancel()
    await asyncio.wait({running})
