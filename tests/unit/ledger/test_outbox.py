"""The outbox of a judge: told in order, no more held than there is room for, and passed only when told."""

import asyncio
from collections.abc import Sequence

from portfolio_ledger.intake.sender import Message
from portfolio_ledger.judging.outbox import Outbox
from tests import waiting

MIB = 1024 * 1024


def message(n: int, size: int = 1) -> Message:
    """A message of so many bytes."""
    return Message("portfolio.quarantine", 0, None, b"%d" % n + b"x" * size, [])


async def test_whoever_puts_waits_while_much_is_unsent():
    """Megabytes that are quarantined come as fast as they are read: they are held until sent, and no more are read."""
    gate, sent, put = asyncio.Event(), list[Message](), list[int]()

    async def send(messages: Sequence[Message]) -> None:
        await gate.wait()
        sent.extend(messages)

    async def fill(outbox: Outbox) -> None:
        for n in range(20):
            await outbox.put([message(n, 4 * MIB)])
            put.append(n)

    outbox = Outbox(send)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(outbox.run())
        filling = tasks.create_task(fill(outbox))
        await waiting.until(lambda: len(put) == 4, "room for four")
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(put) == 4
        gate.set()
        await filling
        await outbox.sent()
        running.cancel()
    assert [one.value[:2].strip(b"x") for one in sent] == [b"%d" % n for n in range(20)]


async def test_what_was_sent_is_said_once_all_before_it_is():
    """In the order in which it was put; nothing is said of what is not acknowledged."""
    said, gate = list[str](), asyncio.Event()

    async def send(messages: Sequence[Message]) -> None:
        said.append(f"sent {len(messages)}")
        await gate.wait()

    outbox = Outbox(send)
    await outbox.put([message(1)], lambda: said.append("first"))
    await outbox.put([], lambda: said.append("second"))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(outbox.run())
        await waiting.until(lambda: bool(said), "a message under way")
        assert said == ["sent 1"]
        gate.set()
        await outbox.sent()
        running.cancel()
    assert said == ["sent 1", "first", "second"]
