# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Records in intake as no well-meaning publisher makes them: strange headers and keys, nothing at all, one bad one in a batch.

Each is answered, and so are its neighbours: in the same Kafka batch, and whatever comes behind.
"""

import json
import struct
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c

from portfolio_log import clients
from portfolio_log.partitions import partition_of
from tests.integration.ledger.conftest import PARTITIONS, Place
from tests.integration.ledger.stories import added, begin, until_told

Headers = Sequence[tuple[str, bytes | None]]
RecordOf = tuple[bytes | None, bytes | None, Headers]
"""Key, value and headers."""

STRANGE = "a-name-to-be-made-strange"
"""A header's name that is no UTF-8 any more on its way to Kafka."""

BINARY = "binary"
RECORDED, QUARANTINED = ("recorded", None), ("quarantined", "MALFORMED")

HEADERS: dict[str, tuple[str, Headers, tuple[str, str | None]]] = {
    "an attribute twice": (BINARY, [("ce_actor", b"eve")], QUARANTINED),
    "an attribute that is null": (BINARY, [("ce_reason", None)], QUARANTINED),
    "an attribute that is not UTF-8": (BINARY, [("ce_reason", b"\xff")], QUARANTINED),
    "an attribute with a NUL": (BINARY, [("ce_reason", b"a\x00b")], QUARANTINED),
    "an attribute that has no name": (BINARY, [("ce_", b"x")], QUARANTINED),
    "a header that says what the body is": (BINARY, [("ce_data", b"{}")], QUARANTINED),
    "an attribute of a megabyte": (BINARY, [("ce_reason", b"x" * 1_000_000)], QUARANTINED),
    "a content that is XML": (BINARY, [("content-type", b"application/xml")], QUARANTINED),
    "a content that is not UTF-8": ("structured", [("content-type", b"\xff")], QUARANTINED),
    "a content twice": ("structured", [("content-type", b"application/json")] * 2, QUARANTINED),
    "other headers twice": ("structured", [("x", b"1"), ("x", b"2")], RECORDED),
    "another header that is null": ("structured", [("x", None)], RECORDED),
    "another header that is not UTF-8": ("structured", [("x", b"\xff\xfe")], RECORDED),
    "another header of a megabyte": ("structured", [("x", b"y" * 1_000_000)], RECORDED),
    "a header without a name": ("structured", [("", b"")], RECORDED),
    "a thousand headers": ("structured", [(f"x{n}", b"y") for n in range(1000)], RECORDED),
    "a name that is not UTF-8": ("structured", [(STRANGE, b"1")], RECORDED),
    "a name that is not UTF-8, in binary mode": (BINARY, [(STRANGE, b"1")], RECORDED),
    "a submission that is none": ("structured", [("submission", b"all of them")], RECORDED),
}


def record(mode: str, document: dict[str, Any], headers: Headers) -> RecordOf:
    """An event in one of the modes of the Kafka binding, with more headers."""
    key = document["portfolio"].encode()
    if mode == "structured":
        return key, json.dumps(document).encode(), headers
    attributes = [(f"ce_{name}", str(value).encode()) for name, value in document.items() if name != "data"]
    return key, json.dumps(document["data"]).encode(), [*attributes, *headers]


async def publish(place: Place, partition: int, records: Sequence[RecordOf], compression: str | None = None) -> list[str]:
    """Publish records in one batch; return the names of their (first) submissions."""
    producer: Any = AIOKafkaProducer(
        bootstrap_servers=place.kafka, compression_type=compression, max_batch_size=6_000_000, max_request_size=6_000_000
    )
    async with clients.running(producer):
        batch = producer.create_batch()
        for key, value, headers in records:
            assert batch.append(key=key, value=value, timestamp=None, headers=list(headers)) is not None
        batch.close()
        build = batch._build
        batch._build = lambda: _with_strange_names(build())
        sent = await (await producer.send_batch(batch, place.topics.intake.name, partition=partition))
    return [f"{partition}-{sent.offset + n}-0" for n in range(len(records))]


def _with_strange_names(built: bytes) -> bytes:
    """A batch in which some headers have names that no client would send, with its checksum."""
    raw = bytearray(bytes(built).replace(STRANGE.encode(), b"\xff" * len(STRANGE)))
    raw[17:21] = struct.pack(">I", calc_crc32c(bytes(raw[21:])))
    return bytes(raw)


async def test_each_header_has_its_answer_and_the_next_record_too(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """All in one batch: recorded where a header means nothing, quarantined where it cannot be read; a sound event behind them."""
    await begin(ledger, portfolio_id)
    cases = [record(mode, added(portfolio_id, f"I{n}"), headers) for n, (mode, headers, _) in enumerate(HEADERS.values())]
    names = await publish(
        shared, partition_of(portfolio_id, PARTITIONS), [*cases, record("structured", added(portfolio_id, "next"), [])]
    )
    receipts = [await until_told(ledger, name) for name in names]
    told = dict(zip(HEADERS, ((receipt["verdict"], receipt["code"]) for receipt in receipts), strict=False))
    assert told == {name: answer for name, (_, _, answer) in HEADERS.items()}
    assert receipts[-1]["verdict"] == "recorded"


@pytest.mark.parametrize("compression", [None, "gzip", "snappy", "lz4", "zstd"])
async def test_one_bad_record_in_a_batch_takes_none_of_its_neighbours_along(
    ledger: httpx.AsyncClient, shared: Place, portfolio_id: str, compression: str | None
):
    """Garbage, nothing, and a tombstone between sound events of one compressed batch."""
    await begin(ledger, portfolio_id)
    sound = [record("structured", added(portfolio_id, f"I{n}"), []) for n in range(4)]
    bad: list[RecordOf] = [(b"k", b"\xff{", []), (None, b"", []), (b"k", None, [("ce_id", b"1")])]
    mixed = [sound[0], bad[0], sound[1], bad[1], sound[2], bad[2], sound[3]]
    names = await publish(shared, partition_of(portfolio_id, PARTITIONS), mixed, compression)
    verdicts = [(await until_told(ledger, name))["verdict"] for name in names]
    assert verdicts == ["recorded", "quarantined"] * 3 + ["recorded"]


async def test_the_key_decides_nothing(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """None, not UTF-8, another portfolio's, or of megabytes: the event says which portfolio it belongs to."""
    await begin(ledger, portfolio_id)
    keys = [None, b"", b"\xff\xfe", b"another", b"k" * 2_000_000]
    records = [(key, json.dumps(added(portfolio_id, f"I{n}")).encode(), []) for n, key in enumerate(keys)]
    names = await publish(shared, partition_of(portfolio_id, PARTITIONS), records)
    assert [(await until_told(ledger, name))["verdict"] for name in names] == ["recorded"] * len(keys)
