"""What is told to publishers: every receipt is held against the log before it leaves, and against what was told before."""

import json
from collections.abc import Iterator, Sequence

from portfolio_ledger.intake.records import Quarantined, Received
from portfolio_ledger.intake.sender import Message
from portfolio_ledger.judging.receipt_texts import Told as Receipt
from portfolio_ledger.judging.submissions import Submission
from portfolio_schemas.codec import Document
from tests.unit.simulation.truth import Key, digest_of
from tests.unit.simulation.world import FAMILY, World


class Told:
    """Receipts that reached their topic, and submissions that were sent on. `Answers` of a judge go through it as well."""

    def __init__(self, world: World) -> None:
        self.answered = set[Key]()
        self.set_aside = set[str]()
        self._world = world
        self._said = dict[Key, Document]()
        self._sent_on = set[Key]()
        self._behind = [0 for _ in world.intake]

    def check(self, message: Message) -> None:
        """Check receipts that are about to be sent: what they say must be in the log by now."""
        for name, receipt in _receipts(message):
            self._check(name, receipt)

    def deliver(self, partition: int, offset: int, told: Sequence[Receipt]) -> None:
        """Hear what somebody who waits for an intake record is told."""
        items = self._world.intake[partition].received[offset].items
        if len(items) != len(told):
            raise self._world.break_(f"{len(told)} receipts for {len(items)} submissions")
        for item, one in zip(items, told, strict=True):
            receipt = one.receipt
            if (one.verdict, one.source, one.id) != (receipt["verdict"], receipt["source"], receipt["id"]):
                raise self._world.break_("a receipt is not what its bytes say")
            self._check(item.name, receipt)

    def land(self, message: Message) -> None:
        """Take a record that reached its topic."""
        if message.topic == FAMILY.receipts.name:
            for name, receipt in _receipts(message):
                key = self._check(name, receipt)
                self.set_aside.add(name) if key is None else self.answered.add(key)
        elif message.topic == FAMILY.intake.name:
            name = dict(message.headers)["submission"].decode()
            self._sent_on.add((name, digest_of(json.loads(message.value))))
            self._world.submit(message.partition, (message.key or b"").decode(), message.value, message.headers)

    def open(self, partition: int, before: int) -> Iterator[tuple[int, Submission | Quarantined]]:
        """Give what stands before an offset of intake and was not answered or sent on, each with its offset."""
        there = self._world.intake[partition].received
        offsets = [offset for offset in sorted(there) if self._behind[partition] <= offset < before]
        done = True
        for offset in offsets:
            left = list(self._left(there[offset], partition))
            done = done and not left
            if done:
                self._behind[partition] = offset + 1
            yield from ((offset, item) for item in left)

    def _left(self, received: Received, partition: int) -> Iterator[Submission | Quarantined]:
        for item in received.items:
            if not isinstance(item, Submission):
                if item.name not in self.set_aside:
                    yield item
                continue
            key = (item.name, digest_of(item.event.document))
            if key not in (self.answered if self._world.home_of(item) == partition else self._sent_on):
                yield item

    def _check(self, name: str, receipt: Document) -> Key | None:
        if receipt["verdict"] == "quarantined":
            if name not in self._world.unreadable or receipt["submission"] != name:
                raise self._world.break_(f"{name} was set aside, but can be read")
            return None
        keys = self._world.keys.get(name, set())
        key = next((key for key in sorted(keys) if receipt in self._world.receipts_for(key)), None)
        if key is None:
            raise self._world.break_(f"the receipt for {name} is not true by now: {receipt}")
        said = self._said.setdefault(key, receipt)
        if said != receipt and len(self._world.ledger[self._world.home_of(self._world.submitted[key])].branches) == 1:
            raise self._world.break_(f"the verdict on {name} changed from {said} to {receipt}")
        return key


def _receipts(message: Message) -> Iterator[tuple[str, Document]]:
    """Give the receipts in a record with the names of their submissions: they follow the one in its header."""
    name = dict(message.headers)["submission"].decode()
    said: Document | list[Document] = json.loads(message.value)
    if not isinstance(said, list):
        yield name, said
        return
    stem, _, first = name.rpartition("-")
    for index, receipt in enumerate(said, start=int(first)):
        yield f"{stem}-{index}", receipt
