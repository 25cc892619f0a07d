"""The load: publishers by every door, all at once, in portfolios of every partition, until they are told to stop."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any, Self

from aiokafka.partitioner import DefaultPartitioner  # pyright: ignore[reportMissingTypeStubs]  aiokafka ships no types

from tests.faults.clients import GaveUp, HttpClient, KafkaClient, Patience, Receipts
from tests.faults.stories import PRODUCT, Event, Story, other
from tests.faults.world import World

PARTITIONS = 4
_SETTLE_S_MAX = 90.0


def portfolios(prefix: str, *, each: int = 1) -> list[str]:
    """Return names of portfolios, so many in each partition by Kafka's own partitioner."""
    partitioner: Any = DefaultPartitioner()
    places, found = list(range(PARTITIONS)), dict[int, list[str]]()
    for number in range(1000):
        name = f"{prefix}-{number}"
        found.setdefault(partitioner(name.encode(), places, places), []).append(name)
    return [name for place in places for name in found[place][:each]]


@contextlib.asynccontextmanager
async def running(world: World, seed: str, *, pause_s: float = 0.05) -> AsyncGenerator[None]:
    """Keep publishers at work in the world's portfolios; at the end let each have a verdict on all that it sent."""
    patience, stop = Patience(), asyncio.Event()
    async with Receipts(world.kafka, f"{world.prefix}portfolio.receipts", world.history) as receipts:
        async with _Doors(world, receipts, patience, seed) as doors:
            for name in world.portfolios:
                await doors.http.post_batch(Story(name, "opener", seed).beginning())
            tasks = [asyncio.create_task(work) for work in _publishers(world, doors, seed, stop, pause_s)]
            try:
                yield
            finally:
                stop.set()
                patience.until = time.monotonic() + _SETTLE_S_MAX
                results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, GaveUp):
                raise result


class _Doors:
    """The clients that publishers use."""

    def __init__(self, world: World, receipts: Receipts, patience: Patience, seed: str) -> None:
        ledgers = world.addresses("ledger")
        self.http = HttpClient(ledgers, world.history, patience, f"{seed}/http")
        self.rival = HttpClient(ledgers[::-1], world.history, patience, f"{seed}/rival")
        self.kafka = KafkaClient(world.kafka, f"{world.prefix}portfolio.intake", receipts, world.history, patience)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in (self.http, self.rival, self.kafka):
            await client.__aexit__()


def _publishers(world: World, doors: _Doors, seed: str, stop: asyncio.Event, pause_s: float) -> list[Any]:
    """Return the publishers' work: each portfolio has a few, of several kinds."""
    work = list[Any]()
    for number, name in enumerate(world.portfolios):
        work.append(_single(Story(name, "single", seed), doors, stop, pause_s))
        kind = (_batches, _arrays, _twins, _racers)[number % 4]
        work.append(kind(Story(name, kind.__name__.strip("_"), seed), doors, stop, pause_s))
    return work


async def _single(story: Story, doors: _Doors, stop: asyncio.Event, pause_s: float) -> None:
    while not stop.is_set():
        await doors.http.post(story.next())
        await asyncio.sleep(pause_s)


async def _batches(story: Story, doors: _Doors, stop: asyncio.Event, pause_s: float) -> None:
    while not stop.is_set():
        await doors.http.post_batch(story.chapter(20))
        await asyncio.sleep(pause_s * 6)


async def _arrays(story: Story, doors: _Doors, stop: asyncio.Event, pause_s: float) -> None:
    chance = random.Random(story.portfolio)  # noqa: S311  a seed makes runs alike
    while not stop.is_set():
        await doors.kafka.publish(story.chapter(chance.choice([1, 1, 5, 20])))
        await asyncio.sleep(pause_s * 3)


async def _twins(story: Story, doors: _Doors, stop: asyncio.Event, pause_s: float) -> None:
    """Send the same event by two doors at once; now and then the second says something else under the same id."""
    count = 0
    while not stop.is_set():
        event, count = story.next(), count + 1
        twin = other(event) if count % 5 == 0 else event
        await _all(doors.http.post(event), doors.kafka.publish([twin]))
        await asyncio.sleep(pause_s * 2)


async def _racers(story: Story, doors: _Doors, stop: asyncio.Event, pause_s: float) -> None:
    """Let two publishers change one subject at the version that both have seen."""
    body = {"product": PRODUCT, "title": "Contested", "kind": "feature"}
    subject = f"item/{story.source.strip('/')}"
    await doors.http.post(story.event("item.item-added", subject, body))
    version = 1
    while not stop.is_set():
        pair: Sequence[Event] = [
            story.event("item.item-status-reported", subject, {"status": status}, expectedversion=version)
            for status in ("ready", "late")
        ]
        await _all(doors.http.post(pair[0]), doors.rival.post(pair[1]))
        version += 1
        await asyncio.sleep(pause_s * 2)


async def _all(*sendings: Any) -> None:  # noqa: ANN401  coroutines of whatever result
    """Let several clients try at once; when one fails, the other has its verdict before."""
    for result in await asyncio.gather(*sendings, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
