"""A log that was tampered with, or lost: the portfolio stops, or the partition, and an operator's repair lets it go on."""

import json
from typing import Any

import httpx

from portfolio_ledger.intake import loss
from portfolio_log.kafka import KafkaLog
from portfolio_log.partitions import partition_of
from portfolio_schemas import codec, entries
from portfolio_schemas.entries import EMPTY_HASH, Entry
from tests import waiting
from tests.integration.ledger.conftest import PARTITIONS, Place
from tests.integration.ledger.stories import added, begin, post, until_told


async def append(place: Place, portfolio: str, value: bytes) -> None:
    """Write into the ledger topic as no judge would."""
    async with KafkaLog(place.kafka, place.topics.ledger.name, client_id="test") as log:
        await log.append(partition_of(portfolio, PARTITIONS), [(portfolio, value)])


def orphan(head: Entry) -> Entry:
    """An entry that follows something that is not there."""
    document: dict[str, Any] = {**head.document, "entry": head.entry + 5, "append": head.entry + 5, "previous": "f" * 64}
    return entries.build(document)


def repair(portfolio: str, orphans: list[Entry], head: Entry) -> bytes:
    """An operator's record that sets orphans aside."""
    body: codec.Document = {
        "orphans": [one.hash for one in orphans],
        "head": {"entry": head.entry, "hash": head.hash},
        "reason": "test",
        "actor": "ines",
    }
    return codec.canonical({"portfolio": portfolio, "repair": body})


async def neighbour(place: Place, client: httpx.AsyncClient, portfolio: str) -> str:
    """Another portfolio of the same partition, opened."""
    partition = partition_of(portfolio, PARTITIONS)
    name = next(name for n in range(1000) if partition_of(name := f"{portfolio}.{n}", PARTITIONS) == partition)
    await begin(client, name)
    assert await place.entries(name)
    return name


async def until_post_is(client: httpx.AsyncClient, document: codec.Document, code: str) -> httpx.Response:
    """Post again and again until the answer has a code."""
    answers = list[httpx.Response]()

    async def answered() -> bool:
        answers.append(await post(client, document, prefer="wait=1"))
        return answers[-1].json().get("code") == code

    await waiting.until(answered, f"an answer {code}")
    return answers[-1]


async def test_a_portfolio_stops_alone_and_catches_up_after_a_repair(place: Place, portfolio_id: str):
    """503 at the door; submissions in intake wait; the neighbour goes on; after the repair those that waited come first."""
    async with place.ledger() as client, place.database() as connection:
        await begin(client, portfolio_id)
        other = await neighbour(place, client, portfolio_id)
        head = (await place.entries(portfolio_id))[-1]
        wrong = orphan(head)
        await append(place, portfolio_id, wrong.value)
        # The neighbour's append finds the orphan: an entry of the portfolio itself behind it would have to be repaired too.
        assert (await post(client, added(other, "A"))).status_code == 201
        refused = await until_post_is(client, added(portfolio_id, "A"), "PORTFOLIO_STOPPED")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        waiting_names = [
            await place.publish(json.dumps(added(portfolio_id, f"W{n}")).encode(), key=portfolio_id) for n in range(3)
        ]
        mixed = await place.publish(json.dumps([added(portfolio_id, "M"), added(other, "M")]).encode(), key=portfolio_id)
        assert (await post(client, added(other, "B"))).status_code == 201
        assert (await until_told(client, mixed.removesuffix("0") + "1"))["verdict"] == "recorded"
        assert (await client.get("/receipts", params={"submission": waiting_names[0]})).status_code == 404

        async def own_position() -> bool:
            stopped = await connection.fetchrow(
                "SELECT stop_hash, intake_offset FROM ledger.portfolios WHERE portfolio = $1", portfolio_id
            )
            return stopped is not None and stopped["stop_hash"] == wrong.hash and stopped["intake_offset"] is not None

        await waiting.until(own_position, "its own position stored")
    async with place.ledger() as client:  # a restart in between changes nothing
        await until_post_is(client, added(portfolio_id, "A"), "PORTFOLIO_STOPPED")
        await append(place, portfolio_id, repair(portfolio_id, [wrong], head))
        verdicts = [(await until_told(client, name))["verdict"] for name in [*waiting_names, mixed]]
        assert verdicts == ["recorded"] * 4

        async def said() -> bool:
            return (await client.get("/health/ready")).json()["stopped"] == []

        await waiting.until(said, "readiness says that nothing is stopped")
        assert (await post(client, added(portfolio_id, "Z"))).status_code == 201  # as it then is
    recorded = [entry.event["subject"] for entry in await place.entries(portfolio_id) if entry.event]
    assert recorded[2:] in (
        ["item/A", "item/W0", "item/W1", "item/W2", "item/M", "item/Z"],
        ["item/W0", "item/W1", "item/W2", "item/M", "item/Z"],
    )


async def test_what_a_stopped_portfolio_left_in_intake_may_expire(place: Place, portfolio_id: str):
    """When it goes on the partition is INTAKE_LOST, until the loss is accepted: then it goes on with what is there."""
    partition = partition_of(portfolio_id, PARTITIONS)
    async with place.ledger() as client:
        await begin(client, portfolio_id)
        await place.until_stored(portfolio_id, 1)
    async with place.database() as connection:
        await connection.execute("UPDATE ledger.portfolios SET intake_offset = 99 WHERE portfolio = $1", portfolio_id)
    settings, topic = place.settings(), place.topics.intake.name
    async with place.ledger(ready=False) as client:

        async def refused() -> bool:
            return [one["code"] for one in (await client.get("/health/ready")).json()["lost"]] == ["INTAKE_LOST"]

        await waiting.until(refused, "readiness says that intake was lost")
        assert await loss.accept(settings.kafka, settings.postgres, topic=topic, partition=partition) == 0

        async def ready() -> bool:
            return (await client.get("/health/ready")).is_success

        await waiting.until(ready, "ready after the loss was accepted")
        answer = await post(client, added(portfolio_id, "A"))
        assert (answer.status_code, answer.json()["entry"]) == (201, 2)


async def test_a_foreign_record_stops_nothing(place: Place, portfolio_id: str):
    """What is no entry, or names a portfolio of another partition, is passed over."""
    async with place.ledger() as client:
        await begin(client, portfolio_id)
        stray = orphan((await place.entries(portfolio_id))[-1]).document
        elsewhere = next(
            name for n in range(1000) if partition_of(name := f"stray-{n}", PARTITIONS) != partition_of(portfolio_id, PARTITIONS)
        )
        await append(place, portfolio_id, b"nonsense")
        await append(place, portfolio_id, codec.canonical({**stray, "portfolio": elsewhere}))
        answer = await post(client, added(portfolio_id, "A"))
        assert (answer.status_code, answer.json()["entry"]) == (201, 2)


async def test_a_log_that_lost_what_a_reader_applied_is_not_written_to(place: Place, portfolio_id: str):
    """The read side holds an entry that the log has not: LOG_LOST, that partition is not served, and its door says so."""
    async with place.ledger() as client:
        await begin(client, portfolio_id)
    async with place.database() as connection:
        await connection.execute(
            "INSERT INTO projector.heads (read_model, portfolio, partition, entry, hash) VALUES ('entries', $1, $2, 7, $3)",
            portfolio_id,
            partition_of(portfolio_id, PARTITIONS),
            EMPTY_HASH,
        )
    async with place.ledger(ready=False) as client:

        async def lost() -> bool:
            problems = (await client.get("/health/ready")).json()["problems"]
            return any("LOG_LOST" in problem and portfolio_id in problem for problem in problems)

        await waiting.until(lost, "readiness says LOG_LOST")
        refused = await until_post_is(client, added(portfolio_id, "A"), "LOG_LOST")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        assert len(await place.entries(portfolio_id)) == 2


async def test_a_head_that_a_reader_applied_and_the_log_holds_is_fine(place: Place, portfolio_id: str):
    """The ordinary case: the read side is at, or behind, the head."""
    async with place.ledger() as client:
        await begin(client, portfolio_id)
    first, second = await place.entries(portfolio_id)
    async with place.database() as connection:
        for reader, entry in (("entries", first), ("backlogs", second)):
            await connection.execute(
                "INSERT INTO projector.heads (read_model, portfolio, partition, entry, hash) VALUES ($1, $2, $3, $4, $5)",
                reader,
                portfolio_id,
                partition_of(portfolio_id, PARTITIONS),
                entry.entry,
                entry.hash,
            )
    async with place.ledger() as client:
        assert (await post(client, added(portfolio_id, "A"))).status_code == 201
