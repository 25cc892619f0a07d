# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
"""A walk through the real doors: several publishers at once, half of what they submit wrong, and each has exactly one verdict."""

import asyncio
import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, cast

import httpx
from aiokafka import AIOKafkaProducer

from portfolio_ledger.state import facts
from portfolio_log import clients
from portfolio_log.partitions import partition_of
from portfolio_schemas.entries import LEDGER_SOURCE, Entry
from tests import waiting, walking
from tests.integration.ledger.conftest import PARTITIONS, Place
from tests.integration.ledger.stories import post_batch
from tests.rules import Rules
from tests.unit.domain.invariants import Portfolio

SIZES = (1, 5, 40, 150)
_TOLD_LIMIT_S = 600

Receipt = dict[str, Any]


@dataclass
class Told:
    """What publishers heard: every receipt over HTTP, and those of submissions through Kafka by their names."""

    over_http: list[Receipt] = field(default_factory=list[Receipt])
    names: set[str] = field(default_factory=set[str])

    async def publish_over_http(self, client: httpx.AsyncClient, walk: walking.Walk, length: int, chance: random.Random) -> None:
        """Post batches, one after the other, and hear of each event what became of it."""
        while length > 0:
            documents = [walk.draw() for _ in range(min(chance.choice(SIZES), length))]
            length -= len(documents)
            answer = await post_batch(client, documents)
            receipts: list[Receipt] = answer.json()["receipts"]
            assert len(receipts) == len(documents)
            for document, receipt in zip(documents, receipts, strict=True):
                walk.hear(document, receipt["entry"] if receipt["verdict"] in {"recorded", "duplicate"} else None)
            self.over_http += receipts

    async def publish_to_kafka(self, place: Place, walk: walking.Walk, length: int, chance: random.Random) -> None:
        """Send arrays of a portfolio's events, and wait for nothing."""
        producer = AIOKafkaProducer(bootstrap_servers=place.kafka, max_request_size=6_000_000)
        async with clients.running(producer):
            while length > 0:
                documents = [walk.draw() for _ in range(min(chance.choice(SIZES), length))]
                length -= len(documents)
                for portfolio, some in groupby(documents, key=lambda one: cast("str", one["portfolio"])):
                    array, partition = list(some), partition_of(portfolio, PARTITIONS)
                    value = json.dumps(array).encode()
                    sent = await producer.send_and_wait(
                        place.topics.intake.name, value, key=portfolio.encode(), partition=partition
                    )
                    self.names |= {f"{partition}-{sent.offset}-{n}" for n in range(len(array))}


async def heard(place: Place, names: set[str]) -> dict[str, Receipt]:
    """The receipts of submissions through Kafka, once there is one for each; one that is told twice says the same."""
    found = dict[str, Receipt]()

    async def all_told() -> bool:
        for record in await place.records(place.topics.receipts.name):
            told: Any = json.loads(record.value)
            prefix, _, first = record.headers["submission"].decode().rpartition("-")
            receipts = cast("list[Receipt]", told if isinstance(told, list) else [told])
            for n, receipt in enumerate(receipts):
                name = f"{prefix}-{int(first) + n}"
                assert found.setdefault(name, receipt)["hash"] == receipt["hash"], name
        return names <= found.keys()

    await waiting.until(all_told, "a receipt for every submission through Kafka", limit_s=_TOLD_LIMIT_S)
    return {name: found[name] for name in names}


def check_verdicts(receipts: list[Receipt], log: list[Entry]) -> Counter[str]:
    """Each is what the log says: an entry of its own, for a duplicate that of the first, and none for what cannot be read."""
    by_hash, stated = {entry.hash: entry for entry in log}, Counter[str]()
    for receipt in receipts:
        stated[receipt["verdict"]] += 1
        assert receipt["code"] != "INTERNAL", receipt
        if receipt["verdict"] in {"refused", "quarantined"}:
            assert receipt["detail"].endswith((".", "?")), receipt
        if receipt["verdict"] == "quarantined":
            continue
        entry = by_hash[receipt["hash"]]
        assert (entry.portfolio, entry.entry) == (receipt["portfolio"], receipt["entry"])
        assert (entry.event is None) is (receipt["verdict"] == "refused")
    own = [entry for entry in log if entry.event is None or entry.event["source"] != LEDGER_SOURCE]
    assert len(own) == stated["recorded"] + stated["refused"]
    assert len({entry.submission for entry in own}) == len(own)
    return stated


async def test_half_of_what_several_publishers_submit_is_wrong_and_each_has_one_verdict(place: Place):
    """Two over HTTP on portfolios of their own, one on those that another fills through Kafka: verdicts, log, and invariants."""
    told, length = Told(), walking.LENGTH // 4
    chances = [random.Random(seed) for seed in range(4)]  # noqa: S311  repeatable
    walks = [walking.Walk(seed, prefix=prefix) for seed, prefix in enumerate(("own", "other", "both", "both"))]
    async with place.ledger(refusals_max=10**9) as client:
        async with asyncio.TaskGroup() as publishers:
            for walk, chance in zip(walks[:3], chances, strict=False):
                publishers.create_task(told.publish_over_http(client, walk, length, chance))
            publishers.create_task(told.publish_to_kafka(place, walks[3], length, chances[3]))
        through_kafka = await heard(place, told.names)
    followed = await place.follow()
    assert (followed.stops, followed.foreign) == ({}, [])
    assert len(told.over_http) + len(through_kafka) == 4 * length
    counted = check_verdicts([*told.over_http, *through_kafka.values()], followed.entries)
    print(dict(counted))  # noqa: T201  what a long walk came to, for whoever walks by hand
    assert counted["recorded"] > length
    assert counted["refused"] > length
    by_portfolio = defaultdict[str, Rules](Rules)
    for entry in followed.entries:
        fact = facts.of_entry(entry)
        if fact is not None:
            by_portfolio[entry.portfolio].record(fact)
    for rules in by_portfolio.values():
        Portfolio(rules.recorded, rules.states).check()
