# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Record batches as no client makes them, straight into intake: a file per case in `bad_batches`, with the answers that it gets.

A case has the `codecs` that it is packed by, and its `records`: `sound` ones, and others that have `fill` bytes of white space
before their event, a `key` of so many bytes, or say something of themselves (`attributes`, or by `delta` how far behind the first
they stand); `times` as many. `answers` are the verdict and code of each record, or of so many.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer

from portfolio_deploy.local.ports import Reservations
from portfolio_log import batches, clients
from portfolio_log.partitions import partition_of
from tests import packed
from tests.integration.ledger.conftest import PARTITIONS, Place
from tests.integration.ledger.stories import added, begin, until_told

CASES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "bad_batches").glob("*.json"))
}
PACKED = [(name, codec) for name, case in CASES.items() for codec in case["codecs"]]

MEMORY_MAX_MIB = 400
"""What a ledger may take while it reads all of this: 250 as measured, some 90 of them before it has done anything."""


@pytest_asyncio.fixture(scope="module")
async def process(shared: Place) -> AsyncGenerator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    """A ledger in a process of its own, whose memory is its own."""
    reservations = Reservations()
    port = reservations.choose({})["ledger"]
    reservations.release()
    async with shared.process(port) as running:
        yield running


@contextlib.asynccontextmanager
async def publisher(place: Place, transactional_id: str | None) -> AsyncGenerator[AIOKafkaProducer]:
    """A producer that sends what it is given, in a transaction where it has a name for one."""
    producer = AIOKafkaProducer(
        bootstrap_servers=place.kafka,
        transactional_id=transactional_id,
        max_batch_size=6_000_000,
        max_request_size=6_000_000,
    )
    async with clients.running(producer):
        if transactional_id is None:
            yield producer
        else:
            async with producer.transaction():
                yield producer


def records(case: dict[str, Any], portfolio: str) -> list[packed.Rec]:
    """The records of a case, each with an event of its own."""
    found = list[packed.Rec]()
    for one in case["records"]:
        more: dict[str, Any] = {} if one == "sound" else dict(one)
        times, key = more.pop("times", 1), b"k" * more.pop("key", 1)
        for _ in range(times):
            event = json.dumps(added(portfolio, f"I{len(found)}")).encode()
            found.append(packed.Rec(event, key=key, **more))
    return found


def answers(case: dict[str, Any]) -> list[tuple[str, str | None]]:
    """What each record gets."""
    return [(verdict, code) for verdict, code, *times in case["answers"] for _ in range(times[0] if times else 1)]


@pytest.mark.parametrize(("name", "codec"), PACKED)
async def test_every_record_has_its_answer_and_so_have_the_neighbours_of_its_batch(
    process: tuple[asyncio.subprocess.Process, httpx.AsyncClient], shared: Place, portfolio_id: str, name: str, codec: str
):
    """In every codec, plain and in a transaction; a sound event in a batch before and one behind are recorded."""
    _, client = process
    case, topic, names = CASES[name], shared.topics.intake.name, list[str]()
    for portfolio, transactional_id in ((f"{portfolio_id}.p", None), (f"{portfolio_id}.t", portfolio_id)):
        await begin(client, portfolio)
        partition, sent = partition_of(portfolio, PARTITIONS), records(case, portfolio)
        before, after = (packed.Rec(json.dumps(added(portfolio, item)).encode()) for item in ("before", "after"))
        async with publisher(shared, transactional_id) as producer:
            for way, batch in (("none", [before]), (codec, sent), ("none", [after])):
                first = await packed.send(producer, topic, partition, way, batch)
                names += [f"{partition}-{first + n}-0" for n in range(len(batch))]
    receipts = [await until_told(client, submission) for submission in names]
    told = [(receipt["verdict"], receipt["code"]) for receipt in receipts]
    assert told == [("recorded", None), *answers(case), ("recorded", None)] * 2
    assert all(receipt["detail"] for receipt in receipts if receipt["code"])


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
async def test_a_batch_that_is_not_read_is_kept_as_it_was_sent(
    process: tuple[asyncio.subprocess.Process, httpx.AsyncClient], shared: Place, portfolio_id: str, codec: str
):
    """Once, with the first record that was not read; those behind it say with which."""
    _, client = process
    partition = partition_of(portfolio_id, PARTITIONS)
    sent = [packed.Rec(b"1", fill=batches.PASSED_OVER_SIZE_MAX), packed.Rec(b"2"), packed.Rec(b"3")]
    async with publisher(shared, None) as producer:
        offset = await packed.send(producer, shared.topics.intake.name, partition, codec, sent)
    names = [f"{partition}-{offset + n}-0" for n in range(3)]
    receipts = [await until_told(client, name) for name in names]
    kept = {one.headers["submission"].decode(): one.value for one in await shared.records(shared.topics.quarantine.name)}
    raw = batches.Head.read(memoryview(kept[names[0]]))
    assert (raw.base_offset, raw.records, raw.codec) == (offset, 3, packed.CODECS[codec])
    assert kept[names[0]].endswith(packed.pack(codec, (piece for n, one in enumerate(sent) for piece in one.pieces(n))))
    assert [kept[name] for name in names[1:]] == [b"", b""]
    assert all(receipt["detail"].endswith(f"with {names[0]}.") for receipt in receipts[1:])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process had at most")
def test_no_batch_takes_more_memory_than_its_reader_has(process: tuple[asyncio.subprocess.Process, httpx.AsyncClient]):
    """After all of this module, at its worst moment."""
    status = Path(f"/proc/{process[0].pid}/status").read_text("ascii")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak // 1024 < MEMORY_MAX_MIB
