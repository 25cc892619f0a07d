"""Waiting for receipts: intake records that this door put there, and the receipts that answer them, whichever comes first."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portfolio_ledger import metrics
from portfolio_ledger.judging.receipt_texts import Told

Place = tuple[int, int]
"""Where an intake record stands: partition and offset."""

RECENT_MAX = 5000
"""Receipts that are kept."""


@dataclass(slots=True)
class _Slot:
    """What is known of one record's answers, and who waits for how many of them."""

    told: dict[int, Told] = field(default_factory=dict[int, Told])
    wanted: int = 0
    waiter: asyncio.Future[None] | None = None


class Waiting:
    """Receipts of intake records by their place. The last ones are kept: an answer may come before anybody waits for it."""

    def __init__(self, *, recent_max: int = RECENT_MAX) -> None:
        self._recent_max = recent_max
        self._slots = OrderedDict[Place, _Slot]()
        self._kept = 0
        self.submissions = 0

    def deliver(self, partition: int, offset: int, told: Sequence[Told], *, first: int = 0) -> None:
        """Hear receipts of a record, from the submission with index `first` on."""
        slot = self._slots.get((partition, offset))
        if slot is None:
            slot = self._slots[partition, offset] = _Slot()
        self._kept -= len(slot.told)
        slot.told.update(enumerate(told, start=first))
        self._kept += len(slot.told)
        if slot.waiter is not None and not slot.waiter.done() and len(slot.told) >= slot.wanted:
            slot.waiter.set_result(None)
        self._forget_oldest()

    def knows(self, partition: int, offset: int, index: int) -> bool:
        """Tell whether a receipt has been heard already."""
        slot = self._slots.get((partition, offset))
        return slot is not None and index in slot.told

    def get(self, partition: int, offset: int, index: int) -> Told | None:
        """Return the receipt of a submission, if it is a recent one."""
        slot = self._slots.get((partition, offset))
        return None if slot is None else slot.told.get(index)

    async def wait(self, partition: int, offset: int, *, count: int, seconds: float) -> Mapping[int, Told]:
        """Return the receipts of a record by their index, as soon as there are `count`, or what there is after `seconds`."""
        slot = self._slots.setdefault((partition, offset), _Slot())
        if len(slot.told) < count:
            slot.wanted, slot.waiter = count, asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await slot.waiter
            except TimeoutError:
                pass
            finally:
                slot.waiter = None
                if not slot.told:
                    del self._slots[partition, offset]
        return slot.told

    def close(self) -> None:
        """Let nobody wait any longer: this process is about to end."""
        for slot in self._slots.values():
            if slot.waiter is not None and not slot.waiter.done():
                slot.waiter.set_result(None)

    def enter(self, count: int) -> None:
        """Count submissions that begin to wait."""
        self.submissions += count
        metrics.WAITING.set(self.submissions)

    def leave(self, count: int) -> None:
        """Count submissions that wait no longer."""
        self.enter(-count)

    def _forget_oldest(self) -> None:
        for _ in range(len(self._slots)):
            if self._kept <= self._recent_max:
                return
            place, slot = self._slots.popitem(last=False)
            if slot.waiter is None:
                self._kept -= len(slot.told)
            else:
                self._slots[place] = slot
