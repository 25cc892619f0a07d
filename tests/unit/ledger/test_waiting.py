"""Receipts and those who wait for them, whichever comes first."""

import asyncio

from portfolio_ledger.http.waiting import Waiting
from portfolio_ledger.judging.receipt_texts import Told


def told(count: int = 1) -> list[Told]:
    """Some receipts."""
    return [Told("recorded", "/test", str(n), b"%d" % n) for n in range(count)]


async def test_a_receipt_that_comes_later_wakes_who_waits():
    """Only when all receipts of the record are there."""
    waiting = Waiting()
    waits = asyncio.ensure_future(waiting.wait(0, 7, count=3, seconds=30))
    await asyncio.wait({waits}, timeout=0)  # lets it begin to wait
    waiting.deliver(0, 7, told(2))
    waiting.deliver(0, 8, told(3))
    await asyncio.wait({waits}, timeout=0)  # would let it wake
    assert not waits.done()
    waiting.deliver(0, 7, told(1), first=2)
    assert set(await waits) == {0, 1, 2}


async def test_a_receipt_that_came_before_is_there_at_once():
    """The judge may be faster than Kafka's acknowledgement to the door."""
    waiting = Waiting()
    waiting.deliver(0, 7, told())
    assert (await waiting.wait(0, 7, count=1, seconds=0))[0].text == b"0"
    assert waiting.get(0, 7, 0) == told()[0]
    assert waiting.get(0, 7, 1) is None


async def test_who_waits_long_enough_goes_with_what_there_is():
    """After the limit, or when the process is about to end."""
    waiting = Waiting()
    waiting.deliver(0, 7, told(1))
    assert set(await waiting.wait(0, 7, count=2, seconds=0.01)) == {0}
    waits = asyncio.ensure_future(waiting.wait(0, 9, count=1, seconds=30))
    await asyncio.wait({waits}, timeout=0)  # lets it begin to wait
    waiting.close()
    assert await waits == {}


async def test_the_oldest_receipts_are_forgotten():
    """Memory does not grow; whoever still waits is not forgotten."""
    waiting = Waiting(recent_max=100)
    waits = asyncio.ensure_future(waiting.wait(0, 0, count=2, seconds=30))
    await asyncio.wait({waits}, timeout=0)  # lets it begin to wait
    waiting.deliver(0, 0, told(1))
    for offset in range(1, 200):
        waiting.deliver(0, offset, told(1))
    assert waiting.get(0, 1, 0) is None
    assert waiting.get(0, 199, 0) is not None
    waiting.deliver(0, 0, told(1), first=1)
    assert set(await waits) == {0, 1}
