# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The ledger topic as it lies there, read with a plain client and judged by a follow rule of its own.

Nothing here, nor in the rest of the checker, comes from the project: a mistake in its code is not made a second time by what
looks for it.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

NOTHING = "0" * 64
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record of the topic."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True, slots=True)
class RawEntry:
    """A record that is an entry: it extended its portfolio."""

    offset: int
    number: int
    hash: str
    value: bytes
    document: Document

    @property
    def event(self) -> Document | None:
        """The recorded event, None for a refusal."""
        return self.document.get("event")

    @property
    def body(self) -> Document:
        """The event, or what was refused."""
        return self.document.get("event") or self.document["refusal"]


@dataclass(slots=True)
class RawLog:
    """What a partition order says: the entries of each portfolio, and everything that is none."""

    entries: dict[str, list[RawEntry]] = field(default_factory=dict[str, list[RawEntry]])
    partitions: dict[str, int] = field(default_factory=dict[str, int])
    superseded: int = 0
    orphans: list[str] = field(default_factory=list[str])
    foreign: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])


async def read(bootstrap: str, topic: str) -> list[RawRecord]:
    """Read everything that is in the topic now, partition by partition."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=16 << 20
    )
    await consumer.start()
    try:
        places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        if not places:
            raise LookupError(f"{topic} has no partitions that a client can see.")
        consumer.unsubscribe()
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        found = list[RawRecord]()
        for place in places:
            while await consumer.position(place) < ends[place]:
                for batch in (await consumer.getmany(place, timeout_ms=1000)).values():
                    found += [RawRecord(place.partition, one.offset, one.key, one.value) for one in batch]
        return found
    finally:
        await consumer.stop()


def follow(records: Iterable[RawRecord]) -> RawLog:
    """Judge records, which come in partition order, by the rule of links; orphans that a later repair names are set aside."""
    kept = list(records)
    log, tips, aside = RawLog(), dict[str, str](), _set_aside(kept)
    for record in kept:
        document = _document(record)
        if document is None:
            log.foreign.append(f"partition {record.partition}, offset {record.offset}: no entry")
        elif "repair" in document:
            _check_repair(log, record, document)
        else:
            _judge(log, tips, aside, record, document)
    return log


def _judge(log: RawLog, tips: dict[str, str], aside: set[str], record: RawRecord, document: Document) -> None:
    value = record.value or b""
    portfolio, number, append, previous = (document[name] for name in ("portfolio", "entry", "append", "previous"))
    hash_ = hashlib.sha256(b"\x00" + value).hexdigest()
    entries = log.entries.setdefault(portfolio, [])
    where = f"{portfolio}, entry {number} at partition {record.partition}, offset {record.offset}"
    if log.partitions.setdefault(portfolio, record.partition) != record.partition:
        log.problems.append(f"{where}: the portfolio is also in partition {log.partitions[portfolio]}")
    if record.key != portfolio.encode():
        log.problems.append(f"{where}: the key is {record.key!r}")
    if number == len(entries) and previous == (entries[-1].hash if entries else NOTHING):
        entries.append(RawEntry(record.offset, number, hash_, value, document))
    elif previous == (_hash_before(entries, number) if append == number else tips.get(portfolio)):
        log.superseded += 1
        tips[portfolio] = hash_
    elif hash_ not in aside:
        log.orphans.append(where)


def _hash_before(entries: list[RawEntry], number: int) -> str | None:
    """Return the hash that an append which lost its race links to, None where it cannot be one."""
    if number >= len(entries):
        return None
    return entries[number - 1].hash if number else NOTHING


def _check_repair(log: RawLog, record: RawRecord, document: Document) -> None:
    head, entries = document["repair"]["head"], log.entries.get(document["portfolio"], [])
    if (head["entry"], head["hash"]) != ((entries[-1].number, entries[-1].hash) if entries else (-1, NOTHING)):
        log.problems.append(f"The repair at partition {record.partition}, offset {record.offset} names another head: {head}")


def _set_aside(records: Iterable[RawRecord]) -> set[str]:
    repairs = [document["repair"] for document in map(_document, records) if document is not None and "repair" in document]
    return {orphan for repair in repairs for orphan in repair["orphans"]}


def _document(record: RawRecord) -> Document | None:
    """Return the record's JSON when it looks like something of the ledger's."""
    try:
        document: Any = json.loads(record.value or b"")
    except ValueError:
        return None
    if not isinstance(document, dict) or "portfolio" not in document:
        return None
    return document if "repair" in document or {"entry", "append", "previous"} <= document.keys() else None
