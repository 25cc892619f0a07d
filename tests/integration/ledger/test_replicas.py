"""Several ledgers at once: shared partitions, take-over, and two that both believe a partition is theirs."""

import asyncio
import functools
import json
import random
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import httpx

from portfolio_ledger import sessions
from portfolio_ledger.http import heard
from portfolio_ledger.http.waiting import Waiting
from portfolio_ledger.intake import elements
from portfolio_ledger.intake.reader import IntakeReader
from portfolio_ledger.intake.records import RECORD_SIZE_MAX
from portfolio_ledger.intake.sender import Sender
from portfolio_ledger.judging.serving import Partitions
from portfolio_ledger.judging.taking import Shared
from portfolio_ledger.state.storage import PostgresStore
from portfolio_log.kafka import KafkaLog
from portfolio_log.partitions import partition_of
from portfolio_schemas.codec import Json
from tests import waiting
from tests.integration.ledger.conftest import PARTITIONS, Place
from tests.integration.ledger.stories import added, begin, opened, post, post_batch


async def partitions_of(client: httpx.AsyncClient) -> list[int]:
    """The partitions that a ledger serves."""
    return (await client.get("/health/ready")).json()["partitions"]


async def until_shared(*clients: httpx.AsyncClient) -> None:
    """Return once every ledger serves its share, and all partitions are served."""

    async def fair() -> bool:
        served = [await partitions_of(client) for client in clients]
        return sorted(partition for one in served for partition in one) == list(range(PARTITIONS)) and all(
            len(one) == PARTITIONS // len(clients) for one in served
        )

    await waiting.until(fair, f"{len(clients)} ledgers share the partitions")


async def test_replicas_share_the_partitions_and_answer_for_each_other(place: Place, portfolio_id: str):
    """Whichever ledger takes an event answers with its receipt; when one goes, the other takes over."""
    async with place.ledger() as first:
        async with place.ledger() as second:
            await until_shared(first, second)
            for n in range(8):
                client = (first, second)[n % 2]
                assert (await post(client, opened(f"{portfolio_id}.{n}"))).status_code == 201
                batch = [added(f"{portfolio_id}.{n}", "A"), opened(f"{portfolio_id}.{n}")]
                receipts = (await post_batch(client, batch)).json()["receipts"]
                assert [receipt["verdict"] for receipt in receipts] == ["refused", "duplicate"]
        await until_shared(first)
        for n in range(8):
            answer = await post(first, added(f"{portfolio_id}.{n}", "A"))
            assert (answer.status_code, answer.json()["entry"]) == (422, 2)


@asynccontextmanager
async def serving(place: Place, partition: int, name: str) -> AsyncGenerator[Partitions]:
    """Serve a partition without asking anybody for it, as a paused ledger does that wakes up."""
    async with AsyncExitStack() as life:
        topics = place.topics
        pool = await life.enter_async_context(sessions.pool(place.dsn, connections_max=4))
        sender = await life.enter_async_context(Sender(place.kafka, client_id=name))
        served = Partitions(
            Shared(
                topics=topics,
                partitions=PARTITIONS,
                store=PostgresStore(pool),
                log=await life.enter_async_context(KafkaLog(place.kafka, topics.ledger.name, client_id=name)),
                open_intake=functools.partial(IntakeReader, place.kafka, topics.intake.name, client_id=name),
                send=sender.send,
                note=lambda _partition, _position: None,
                answers=Waiting(),
                read_text=functools.partial(elements.read, size_max=RECORD_SIZE_MAX),
                now=lambda: datetime.now(UTC),
                chance=random.SystemRandom(),
            )
        )
        task = asyncio.create_task(served.serve(partition, lambda: True))
        try:
            yield served
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_two_that_serve_one_partition_record_everything_once(place: Place, portfolio_id: str):
    """Both read the same intake and append at the same heads: one order comes of it, and one verdict for each submission."""
    partition = partition_of(portfolio_id, PARTITIONS)
    async with place.ledger() as client:
        await begin(client, portfolio_id)
    names = list[str]()
    async with serving(place, partition, "first"), serving(place, partition, "second"):
        for n in range(40):
            array = [added(portfolio_id, f"I{n}-{m}") for m in range(5)]
            names.append(await place.publish(json.dumps(array).encode(), key=portfolio_id))

        async def told() -> bool:
            records = await place.records(place.topics.receipts.name)
            return {one.headers["submission"].decode() for one in records} >= set(names)

        await waiting.until(told, "all receipts told", limit_s=90)
    entries = await place.entries(portfolio_id)
    submissions = [entry.submission for entry in entries[2:]]
    assert len(submissions) == len(set(submissions)) == 200
    assert all(entry.event is not None for entry in entries)
    told_of = dict[str, set[tuple[Json, Json]]]()
    for record in await place.records(place.topics.receipts.name):
        for receipt in (told.receipt for told in heard.read(record.value)):
            told_of.setdefault(str(receipt["submission"]), set()).add((receipt["entry"], receipt["verdict"]))
    assert {entry.submission: {(entry.entry, "recorded")} for entry in entries[2:]} == {
        name: told for name, told in told_of.items() if name in submissions
    }
