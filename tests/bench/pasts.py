"""Pasts: questions about random entries, none asked before, beside the same questions about the present.

Two portfolios are written straight into the log: one product with a very large backlog, and 40 members of a usual size.
"""

import random
import statistics
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from portfolio_deploy import migrations
from portfolio_log.kafka import KafkaLog
from portfolio_projector import sessions
from portfolio_projector.read_models import CHRONICLES
from portfolio_projector.telling.snapshots import Snapshots
from tests import waiting
from tests.bench import events
from tests.bench.events import Shape
from tests.bench.places import PASSWORD, Place
from tests.histories import History, Writer

SHAPES: Mapping[str, Shape] = {
    "large": Shape(products=("alpha",), initiatives=("apollo",), open_max=1_000_000),
    "wide": Shape(
        products=tuple(f"product-{number:02d}" for number in range(20)),
        initiatives=tuple(f"initiative-{number:02d}" for number in range(20)),
    ),
}
QUESTIONS: Mapping[str, str] = {
    "large backlog, a page": "large/products/alpha/backlog?limit=50",
    "large backlog, priorities": "large/products/alpha/backlog/priorities?limit=50",
    "large backlog, flow": "large/products/alpha/flow?limit=50",
    "40 members, overview": "wide/overview?limit=100",
    "40 members, a backlog": "wide/products/product-07/backlog?limit=50",
    "40 members, a flow": "wide/products/product-07/flow?limit=50",
    "40 members, a delivery": "wide/products/product-07/delivery?limit=50",
    "40 members, a funding": "wide/products/product-07/funding?limit=50",
    "40 members, a performance": "wide/initiatives/initiative-07/performance?limit=50",
}
LEAST_MS = 4.0
"""A present that is told sooner counts as so long: a past in five times that is soon enough."""

_ASKED = 9
_BATCH = 2000
_LIMIT_S = 1500
_MODELS = 4
_APPLIED = "SELECT min(entry) FROM projector.heads WHERE portfolio = $1 HAVING count(*) = $2"


@dataclass(slots=True)
class Answered:
    """How long answers took, in milliseconds: about the present, about an entry, and about a day as it was known at one."""

    present: list[float] = field(default_factory=list[float])
    recorded: list[float] = field(default_factory=list[float])
    effective: list[float] = field(default_factory=list[float])

    def ratio(self, past: list[float]) -> float:
        """Return how much longer a past takes, by the medians."""
        return statistics.median(past) / max(statistics.median(self.present), LEAST_MS)


def lengths(count: int) -> Mapping[str, int]:
    """Return how many entries the portfolios have."""
    return {"large": count // 4, "wide": count // 2}


async def load(place: Place, *, seed: int, count: int) -> float:
    """Write the portfolios, project them, and make all snapshots; return how many seconds of CPU those took."""
    async with (
        KafkaLog(place.kafka, place.topics.ledger.name, client_id="bench") as log,
        place.connection() as connection,
        place.service("portfolio_projector", "run") as (projector, _),
    ):
        writer = Writer(log, partitions=events.PARTITIONS)
        for name, length in lengths(count).items():
            history = History(name)
            for told in events.story(name, seed=seed, length=length, shape=SHAPES[name]):
                history.tell(told)
                if len(history.entries) == _BATCH:
                    await writer.write(history)
            await writer.write(history)

        async def applied() -> bool:
            projector.check()
            heads = [await connection.fetchval(_APPLIED, name, _MODELS) for name in lengths(count)]
            return heads == [length - 1 for length in lengths(count).values()]

        await waiting.until(applied, "everything is projected", limit_s=_LIMIT_S)
    before = time.process_time()
    dsn = migrations.dsn(place.postgres, role="portfolio_projector", password=PASSWORD, database=place.database)
    async with sessions.writing_pool(dsn, connections_max=2) as pool:
        snapshots = Snapshots(pool, CHRONICLES)
        while await snapshots.make():
            pass
    return time.process_time() - before


async def ask(place: Place, *, seed: int, count: int) -> Mapping[str, Answered]:
    """Ask everything several times, about another entry each time."""
    found = {name: Answered() for name in QUESTIONS}
    async with (
        place.service("portfolio_projector", "serve") as (_, port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
    ):

        async def took(path: str, **parameters: object) -> float:
            begun = time.perf_counter()
            answer = await client.get(f"/portfolios/{path}&" + "&".join(f"{name}={value}" for name, value in parameters.items()))
            if not answer.is_success:
                raise RuntimeError(f"{answer.request.url} answered {answer.status_code}: {answer.text[:500]}")
            return (time.perf_counter() - begun) * 1000

        for name, path in QUESTIONS.items():
            answered, last = found[name], lengths(count)[path.partition("/")[0]] - 1
            moments = _moments(random.Random(f"{seed}/{name}"), last)  # noqa: S311  a seed makes runs alike
            await took(path, min_entry=last)
            for _ in range(_ASKED):
                answered.present.append(await took(path, min_entry=next(moments)))
                answered.recorded.append(await took(path, as_of=next(moments)))
                day = f"2024-{next(moments) % 12 + 1:02d}-28"
                answered.effective.append(await took(path, as_of=next(moments), effective=day))
    return found


def _moments(chance: random.Random, last: int) -> Iterator[int]:
    """Give random entries, each once, none of the first ones, in which not everything is there yet."""
    return iter(chance.sample(range(last // 10, last), 4 * _ASKED))
