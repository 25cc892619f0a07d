# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Back-pressure: publishers faster than the judge. Memory stays flat, nothing accepted is lost, the backlog is worked off."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from aiokafka import AIOKafkaProducer

from tests import waiting
from tests.faults import load, world
from tests.faults.clients import Receipts
from tests.faults.outcomes import Outcome, conclude
from tests.faults.records import FINAL, History
from tests.faults.records import Event as EventName
from tests.faults.stories import PRODUCT, Event, Story
from tests.faults.world import World

_ARRAY = 500
_BATCH = 100
_CLIENTS = 64
_WAITING_MAX = 2000
_GROWTH_MAX = 1.25
"""By how much the second half of a flood may need more memory than the first, at its highest."""
_RSS_MAX = 400 * 1024 * 1024
_WORKED_OFF_S_MAX = 180
_BATCH_HEADERS = {"content-type": "application/cloudevents-batch+json"}


async def run(seed: str, folder: Path, *, events: int) -> Outcome:
    """Flood both doors; return memory, answers, and how long the backlog took."""
    async with world.running(folder, environment={"PORTFOLIO_WAITING_MAX": str(_WAITING_MAX)}, proxied=False) as system:
        system.portfolios = load.portfolios("flood")
        history, unanswered = system.history, _Unanswered(system.history)
        async with Receipts(system.kafka, f"{system.prefix}portfolio.receipts", history):
            stories = [await _begun(system, name, seed) for name in system.portfolios]
            by_kafka = _Memory()
            async with by_kafka.watched(system):
                began = time.monotonic()
                await _publish(system, stories, events)
                published_s = time.monotonic() - began
                await waiting.until(unanswered.are_none, "the backlog is worked off", limit_s=_WORKED_OFF_S_MAX)
                worked_off_s = time.monotonic() - began
            by_http, statuses = _Memory(), Counter[int]()
            async with by_http.watched(system):
                await _post(system, stories, events // 3, statuses)
                await waiting.until(unanswered.are_none, "everything posted is answered", limit_s=_WORKED_OFF_S_MAX)
        outcome = await conclude("flood", system)
    outcome.notes += [
        f"{events:,} events into Kafka in {published_s:.1f} s, judged in {worked_off_s:.1f} s; ledgers {by_kafka}",
        f"{events // 3:,} over HTTP by {_CLIENTS} clients: {dict(sorted(statuses.items()))}; ledgers {by_http}",
    ]
    for memory, door in ((by_kafka, "Kafka"), (by_http, "HTTP")):
        outcome.expect(memory.flat, "flood", "memory grows", f"a flood by {door}: {memory}")
    outcome.expect(statuses[429] + statuses[503] > 0, "flood", "no back-pressure", f"nobody was told to wait: {dict(statuses)}")
    return outcome


@dataclass
class _Memory:
    """Resident memory of the ledgers, sampled by turns: bytes of the larger one."""

    samples: list[int] = field(default_factory=list[int])

    @property
    def flat(self) -> bool:
        """Whether it stays what it was once the flood is there."""
        first, second = self._halves()
        return second <= max(first, 150 * 1024 * 1024) * _GROWTH_MAX and second < _RSS_MAX

    def __str__(self) -> str:
        first, second = self._halves()
        before, first, second = (count / 1e6 for count in (self.samples[0], first, second))
        return f"{before:.0f} MB before, at most {first:.0f} MB in the first half and {second:.0f} MB in the second"

    def _halves(self) -> tuple[int, int]:
        half = len(self.samples) // 2
        return max(self.samples[:half], default=0), max(self.samples[half:], default=0)

    @asynccontextmanager
    async def watched(self, system: World) -> AsyncGenerator[None]:
        """Sample meanwhile."""

        async def sample() -> None:
            while True:
                self.samples.append(max(replica.rss for replica in system.of("ledger")))
                await asyncio.sleep(0.25)

        task = asyncio.create_task(sample())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def _begun(system: World, portfolio: str, seed: str) -> Story:
    """Open a portfolio with one item, of which everything is reported then."""
    story = Story(portfolio, "flood", seed)
    body = {"product": PRODUCT, "title": "Flooded", "kind": "feature"}
    opening = [*story.beginning(), story.event("item.item-added", "item/flooded", body)]
    async with httpx.AsyncClient(timeout=30) as client:
        for event in opening:
            system.history.send(event, "http")
        answer = await client.post(f"{system.addresses('ledger')[0]}/events", json=opening, headers=_BATCH_HEADERS)
        for event, receipt in zip(opening, answer.json()["receipts"], strict=True):
            system.history.hear(event, "http", receipt)
    return story


def _reports(story: Story, count: int) -> list[Event]:
    return [story.event("item.item-status-reported", "item/flooded", {"status": f"s{n}"}) for n in range(count)]


async def _publish(system: World, stories: list[Story], events: int) -> None:
    """Put arrays into intake as fast as Kafka takes them."""
    producer = AIOKafkaProducer(bootstrap_servers=system.kafka, acks="all", enable_idempotence=True, max_request_size=4 << 20)
    await producer.start()
    try:
        waiting_for = list[asyncio.Future[object]]()
        for number in range(events // _ARRAY):
            story = stories[number % len(stories)]
            array = _reports(story, _ARRAY)
            for event in array:
                system.history.send(event, "kafka")
            value = json.dumps(array).encode()
            waiting_for.append(await producer.send(f"{system.prefix}portfolio.intake", value, key=story.portfolio.encode()))
        await asyncio.gather(*waiting_for)
    finally:
        await producer.stop()


async def _post(system: World, stories: list[Story], events: int, statuses: Counter[int]) -> None:
    """Post batches by many clients at once; who is told to wait does so, and sends the same again."""
    left = iter(range(events // _BATCH))

    async def client(turn: int) -> None:
        address = system.addresses("ledger")[turn % 2]
        async with httpx.AsyncClient(timeout=60) as http:
            for number in left:
                batch = _reports(stories[number % len(stories)], _BATCH)
                while not await _taken(http, address, batch, system.history, statuses):
                    pass

    await asyncio.gather(*(client(turn) for turn in range(_CLIENTS)))


async def _taken(http: httpx.AsyncClient, address: str, batch: list[Event], history: History, statuses: Counter[int]) -> bool:
    """Post a batch once; wait as told when it was not taken."""
    for event in batch:
        history.send(event, "batch")
    answer = await http.post(f"{address}/events", json=batch, headers=_BATCH_HEADERS)
    statuses[answer.status_code] += 1
    if answer.status_code in (429, 503):
        await asyncio.sleep(float(answer.headers["retry-after"]))
        return False
    answer.raise_for_status()
    return True


class _Unanswered:
    """The events that have no verdict yet, kept up with what is noted."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._sent = self._answered = 0
        self._open = set[EventName]()
        self._done = set[EventName]()

    def are_none(self) -> bool:
        """Tell whether there is a verdict on everything that was sent."""
        sent, answered = self._history.sent[self._sent :], self._history.answered[self._answered :]
        self._sent += len(sent)
        self._answered += len(answered)
        self._open |= {one.event for one in sent}
        self._done |= {one.event for one in answered if one.verdict in FINAL}
        self._open -= self._done
        return not self._open
