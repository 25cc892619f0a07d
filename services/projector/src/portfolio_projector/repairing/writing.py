"""Carrying out a repair: whole appends, verbatim, and in the batch with the last of them the repair record."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from portfolio_log.kafka import LEDGER_BATCH_SIZE_MAX
from portfolio_log.log import InDoubt, Log
from portfolio_projector.repairing.planning import Kept, Plan
from portfolio_schemas import codec
from portfolio_schemas.entries import Entry

if TYPE_CHECKING:
    from portfolio_schemas.codec import Document, Json

_RECORD_SIZE = 70
"""Bytes that a record adds to its key and value in a batch, generously."""


class Unsure(Exception):
    """Kafka did not acknowledge: whether the last batch is in the log is not known. Running the command again finds out."""


def record(plan: Plan, *, reason: str, actor: str) -> bytes:
    """Return the repair record of a plan."""
    orphans: list[Json] = list(plan.orphans)
    head: Document = {"entry": plan.target.entry, "hash": plan.target.hash}
    body: Document = {"orphans": orphans, "head": head, "reason": reason, "actor": actor}
    if plan.ahead:
        heads = sorted({(one.entry, one.hash) for _, one in plan.ahead})
        body["abandons"] = [{"entry": entry, "hash": hash_} for entry, hash_ in heads]
    return codec.canonical({"portfolio": plan.portfolio, "repair": body})


async def write(log: Log, partition: int, plan: Plan, kept: Kept, *, reason: str, actor: str) -> AsyncIterator[int]:
    """Append what a plan says, batch by batch, and yield the entries of each.

    Raises:
        Unsure: when an acknowledgement did not come. What is in the log by then is right, and the rest can follow.

    """
    last = record(plan, reason=reason, actor=actor)
    room = LEDGER_BATCH_SIZE_MAX - len(last) - 2 * _RECORD_SIZE - len(plan.portfolio)
    batch, size = list[bytes](), 0
    async for appended in _appends(plan, kept):
        added = sum(len(entry.value) + len(plan.portfolio) + _RECORD_SIZE for entry in appended)
        if batch and size + added > room:
            await _append(log, partition, plan.portfolio, batch)
            yield len(batch)
            batch, size = [], 0
        batch += [entry.value for entry in appended]
        size += added
    await _append(log, partition, plan.portfolio, [*batch, last])
    yield len(batch)


async def _appends(plan: Plan, kept: Kept) -> AsyncIterator[list[Entry]]:
    """Yield what is put back, an append at a time."""
    together, left = list[Entry](), plan.kept and plan.kept + plan.head.entry + 1 - plan.begin
    if left:
        async for entry in kept(plan.portfolio, plan.begin - 1):
            if entry.append == entry.entry and together:
                yield together
                together = []
            together.append(entry)
            left -= 1
            if left == 0:
                break
    for entry in plan.loose:
        if entry.append == entry.entry and together:
            yield together
            together = []
        together.append(entry)
    if together:
        yield together


async def _append(log: Log, partition: int, portfolio: str, values: list[bytes]) -> None:
    try:
        await log.append(partition, [(portfolio, value) for value in values])
    except InDoubt as doubt:
        raise Unsure(f"Kafka did not acknowledge ({doubt}): run the command again, it finds out what is there.") from doubt
