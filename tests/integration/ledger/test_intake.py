# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Publishing straight to Kafka: every form gets its receipts, in the partition of its portfolio or another."""

import json
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer

from portfolio_log import clients
from portfolio_log.partitions import partition_of
from tests import waiting
from tests.integration.ledger.conftest import PARTITIONS, Place, Record
from tests.integration.ledger.stories import added, begin, conceived, opened, post, reported, until_told


def text(document: object) -> bytes:
    """JSON."""
    return json.dumps(document).encode()


async def answers(place: Place, submission: str) -> list[Record]:
    """The records of the receipts topic that answer an intake record, once there is one."""
    found = list[Record]()

    async def told() -> bool:
        found[:] = [
            one for one in await place.records(place.topics.receipts.name) if one.headers["submission"] == submission.encode()
        ]
        return bool(found)

    await waiting.until(told, f"a record of receipts for {submission}")
    return found


async def test_a_structured_event_is_recorded(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Its receipt is one record with source, id and submission in the headers; its entry says that it came through Kafka."""
    name = await shared.publish(text(opened(portfolio_id)), key=portfolio_id)
    receipt = await until_told(ledger, name)
    assert (receipt["verdict"], receipt["submission"], receipt["entry"]) == ("recorded", name, 0)
    (record,) = await answers(shared, name)
    assert json.loads(record.value) == receipt
    assert record.headers == {"submission": name.encode(), "source": b"/test", "id": b"open"}
    assert (await shared.entries(portfolio_id))[0].document["door"] == "kafka"


async def test_a_binary_event_is_recorded(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Attributes in `ce_` headers, `data` as the value."""
    document = opened(portfolio_id)
    headers = [(f"ce_{name}", value.encode()) for name, value in document.items() if name != "data"]
    name = await shared.publish(
        text(document["data"]), key=portfolio_id, headers=[*headers, ("content-type", b"application/json")]
    )
    assert (await until_told(ledger, name))["verdict"] == "recorded"
    assert (await shared.entries(portfolio_id))[0].event == {**document, "datacontenttype": "application/json"}


async def test_an_array_is_answered_by_one_record_in_its_order(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Recorded, duplicate, quarantined and refused in one array; each is judged alone."""
    array: list[Any] = [opened(portfolio_id), opened(portfolio_id), 17, reported(portfolio_id, "A", "1"), conceived(portfolio_id)]
    name = await shared.publish(text(array), key=portfolio_id)
    (record,) = await answers(shared, name)
    verdicts = [(receipt["verdict"], receipt["code"]) for receipt in json.loads(record.value)]
    assert verdicts == [
        ("recorded", None),
        ("duplicate", None),
        ("quarantined", "MALFORMED"),
        ("refused", "UNKNOWN_AGGREGATE"),
        ("recorded", None),
    ]
    assert "id" not in record.headers
    assert (await until_told(ledger, name.removesuffix("0") + "4"))["entry"] == 2


async def test_events_of_other_portfolios_are_judged_where_they_belong(
    ledger: httpx.AsyncClient, shared: Place, portfolio_id: str
):
    """An array of many portfolios in one partition: each is forwarded under its first name, which entry and receipt bear."""
    portfolios = [f"{portfolio_id}.{n}" for n in range(12)]
    assert len({partition_of(portfolio, PARTITIONS) for portfolio in portfolios}) > 1
    first = await shared.publish(text([opened(portfolio) for portfolio in portfolios]), key=portfolio_id, partition=0)
    for n, portfolio in enumerate(portfolios):
        name = first.removesuffix("0") + str(n)
        receipt = await until_told(ledger, name)
        assert (receipt["verdict"], receipt["submission"], receipt["portfolio"]) == ("recorded", name, portfolio)
        (entry,) = await shared.entries(portfolio)
        assert (entry.submission, entry.document["door"]) == (name, "kafka")


async def test_a_record_in_the_wrong_partition_is_forwarded(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Also when its key says otherwise, and when it comes twice."""
    wrong = (partition_of(portfolio_id, PARTITIONS) + 1) % PARTITIONS
    first = await shared.publish(text(opened(portfolio_id)), key="somebody", partition=wrong)
    again = await shared.publish(text(opened(portfolio_id)), key="somebody", partition=wrong)
    assert (await until_told(ledger, first))["verdict"] == "recorded"
    assert (await until_told(ledger, again))["verdict"] == "duplicate"
    assert [entry.submission for entry in await shared.entries(portfolio_id)] == [first]


async def test_nobody_gets_the_receipt_of_what_another_forges(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Who posts is answered for what was posted, though a record in another partition claims the name that the post will have."""
    mine = partition_of(portfolio_id, PARTITIONS)
    forger = next(f"{portfolio_id}.{n}" for n in range(100) if partition_of(f"{portfolio_id}.{n}", PARTITIONS) != mine)
    last = await shared.publish(text(opened(f"{portfolio_id}.before")), key=portfolio_id, partition=mine)
    names = [f"{mine}-{int(last.split('-')[1]) + n}-0" for n in range(1, 6)]
    forged = [
        await shared.publish(value, key=forger, headers=[("submission", name.encode())])
        for name in names
        for value in (text(opened(forger, id=name)), b"nonsense")
    ]
    assert [(await until_told(ledger, name))["submission"] for name in forged] == forged
    answer = (await post(ledger, opened(portfolio_id))).json()
    assert (answer["verdict"], answer["portfolio"]) == ("recorded", portfolio_id)
    assert answer["submission"] in names


async def test_the_same_event_by_both_doors_is_recorded_once(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """One order decides; the other door hears of the duplicate."""
    await begin(ledger, portfolio_id)
    name = await shared.publish(text(added(portfolio_id, "A")), key=portfolio_id)
    posted = (await post(ledger, added(portfolio_id, "A"))).json()
    published = await until_told(ledger, name)
    assert {posted["verdict"], published["verdict"]} == {"recorded", "duplicate"}
    assert posted["entry"] == published["entry"] == 2


async def test_what_cannot_be_read_goes_to_quarantine(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Bytes verbatim with the reason; the receipt carries the submission only; the next record is judged."""
    name = await shared.publish(b"\xffnonsense", key=portfolio_id)
    receipt = await until_told(ledger, name)
    assert (receipt["verdict"], receipt["code"], receipt["submission"], receipt["portfolio"]) == (
        "quarantined",
        "MALFORMED",
        name,
        None,
    )
    kept = await shared.records(shared.topics.quarantine.name)
    (record,) = [one for one in kept if one.headers["submission"] == name.encode()]
    assert (record.value, record.headers["code"]) == (b"\xffnonsense", b"MALFORMED")
    assert (await post(ledger, opened(portfolio_id))).status_code == 201


async def test_a_publisher_does_not_pass_for_http_by_accident(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Headers of HTTP, such as a gateway copies, do not say that the ledger's own door took it."""
    headers = [("content-type", b"application/cloudevents+json"), ("door", b"http"), ("via", b"http"), ("host", b"ledger")]
    name = await shared.publish(text(opened(portfolio_id)), key=portfolio_id, headers=headers)
    await until_told(ledger, name)
    assert (await shared.entries(portfolio_id))[0].document["door"] == "kafka"


@pytest.mark.parametrize("compression", ["gzip", "snappy", "lz4", "zstd"])
async def test_publishers_may_compress_as_they_like(
    ledger: httpx.AsyncClient, shared: Place, portfolio_id: str, compression: str
):
    """Every compression of Kafka is read."""
    producer = AIOKafkaProducer(bootstrap_servers=shared.kafka, compression_type=compression)
    async with clients.running(producer):
        place = partition_of(portfolio_id, PARTITIONS)
        sent = await producer.send_and_wait(
            shared.topics.intake.name, text(opened(portfolio_id)), key=portfolio_id.encode(), partition=place
        )
    assert (await until_told(ledger, f"{place}-{sent.offset}-0"))["verdict"] == "recorded"


async def test_publishers_may_use_transactions(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """What is committed is judged, what is aborted is not, and what comes after is judged too."""
    topic, place = shared.topics.intake.name, partition_of(portfolio_id, PARTITIONS)
    producer = AIOKafkaProducer(bootstrap_servers=shared.kafka, transactional_id=portfolio_id)
    async with clients.running(producer):
        async with producer.transaction():
            await producer.send_and_wait(topic, text(opened(portfolio_id)), key=b"x", partition=place)
        await producer.begin_transaction()
        await producer.send_and_wait(topic, text(opened(portfolio_id, actor="nobody")), key=b"x", partition=place)
        await producer.abort_transaction()
    assert (await post(ledger, conceived(portfolio_id))).status_code == 201
    assert [entry.event["id"] for entry in await shared.entries(portfolio_id) if entry.event] == ["open", "conceive"]


async def test_a_thousand_refused_events_in_one_array_are_all_answered(
    ledger: httpx.AsyncClient, shared: Place, portfolio_id: str
):
    """Many large refusals in one append: every one is in the log and is told, in its order."""
    wrong = {f"field-{n}-{'x' * 80}": None for n in range(25)}
    array = [reported(portfolio_id, "A", str(n), reason="r" * 100) | {"data": wrong} for n in range(1000)]
    name = await shared.publish(text(array), key=portfolio_id)
    last = await until_told(ledger, name.removesuffix("0") + "999")
    assert (last["code"], last["entry"], len(last["errors"])) == ("SCHEMA", 999, 20)
    place, offset, _ = name.split("-")
    told = [
        (int(one.headers["submission"].decode().rpartition("-")[2]), json.loads(one.value))
        for one in await shared.records(shared.topics.receipts.name)
        if one.headers["submission"].startswith(f"{place}-{offset}-".encode())
    ]
    assert [receipt["entry"] for _, receipts in sorted(told, key=lambda one: one[0]) for receipt in receipts] == list(range(1000))
