# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""A place of its own for tests of the ledger: topics that nobody wrote to, a migrated database, ledgers on both."""

import asyncio
import contextlib
import os
import secrets
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from portfolio_deploy import migrations
from portfolio_ledger import application
from portfolio_ledger.settings import Settings
from portfolio_log import clients, topics
from portfolio_log.follower import Followed, Follower
from portfolio_log.kafka import KafkaLog
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics
from portfolio_schemas.entries import Entry
from tests import waiting

PARTITIONS = 4
_PASSWORDS = {role: f"{role}-of-the-tests" for role in migrations.ROLES}
_READY_LIMIT_S = 60


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record of any topic: where it stands, its value, its headers."""

    partition: int
    offset: int
    value: bytes
    headers: dict[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, kw_only=True)
class Place:
    """Topics and a database, and what can be done with them from the outside."""

    kafka: str
    prefix: str
    topics: Topics
    dsn: str
    admin: str

    def settings(self, **more: Any) -> Settings:  # noqa: ANN401  settings are as they are
        """What a ledger at this place needs."""
        return Settings.model_validate(
            {"kafka": self.kafka, "postgres": self.dsn, "topic_prefix": self.prefix, "port": 0, **more}
        )

    @contextlib.asynccontextmanager
    async def ledger(self, *, ready: bool = True, **more: Any) -> AsyncGenerator[httpx.AsyncClient]:  # noqa: ANN401  settings are as they are
        """Run a ledger in this process, wait until it is ready, or only alive, and give a client of it."""
        settings, stop = self.settings(**more), asyncio.Event()
        listening = application.listen(settings)
        running = asyncio.create_task(application.run(settings, stop, listening))
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=60) as client:
                await _until_answers(client, "/health/ready" if ready else "/health/live", running)
                yield client
        finally:
            stop.set()
            await running

    @contextlib.asynccontextmanager
    async def process(self, port: int) -> AsyncGenerator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
        """Run a ledger as a process of its own until it is ready; end it with SIGKILL when it still runs."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "portfolio_ledger", "run",
            env={
                **bare_environment(),
                "PORTFOLIO_KAFKA": self.kafka,
                "PORTFOLIO_POSTGRES": self.dsn,
                "PORTFOLIO_TOPIC_PREFIX": self.prefix,
                "PORTFOLIO_PORT": str(port),
            },
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                await _until_answers(client, "/health/ready")
                yield process, client
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def publish(
        self,
        value: bytes | None,
        *,
        key: str,
        partition: int | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
        age_ms: int = 0,
    ) -> str:
        """Publish straight to intake, now or as if so long ago; return the name of the (first) submission."""
        place = partition_of(key, PARTITIONS) if partition is None else partition
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka, max_request_size=6_000_000)
        async with clients.running(producer):
            sent = await producer.send_and_wait(
                self.topics.intake.name,
                value,
                key=key.encode(),
                partition=place,
                headers=list(headers),
                timestamp_ms=int(time.time() * 1000) - age_ms,
            )
        return f"{place}-{sent.offset}-0"

    async def records(self, topic: str) -> list[Record]:
        """Everything that is in a topic now."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, auto_offset_reset="earliest", enable_auto_commit=False)
        found = list[Record]()
        async with clients.running(consumer):
            places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            left = {place for place in places if ends[place] > 0}
            while left:
                for place, batch in (await consumer.getmany(timeout_ms=1000)).items():
                    found += [
                        Record(
                            partition=one.partition,
                            offset=one.offset,
                            value=one.value or b"",
                            headers={name: value or b"" for name, value in one.headers},
                        )
                        for one in batch
                    ]
                    if batch[-1].offset + 1 >= ends[place]:
                        left.discard(place)
        return found

    async def follow(self) -> Followed:
        """Follow the whole log with the reader's own rule."""
        total = Followed(0)

        async def unknown(portfolio: str, entry: int) -> str | None:
            return next((one.hash for one in total.entries if (one.portfolio, one.entry) == (portfolio, entry)), None)

        async with KafkaLog(self.kafka, self.topics.ledger.name, client_id="test") as log:
            for partition in range(PARTITIONS):
                reader = Follower(log, partition=partition, partitions=PARTITIONS, next_offset=0, places={}, old_hash=unknown)
                part = await reader.read_to_end()
                total.entries += part.entries
                total.superseded += part.superseded
                total.stops |= part.stops
                total.foreign += part.foreign
        return total

    async def entries(self, portfolio: str) -> list[Entry]:
        """The entries of a portfolio; nothing stops it, and nothing is foreign."""
        followed = await self.follow()
        assert not followed.stops
        assert not followed.foreign
        return [entry for entry in followed.entries if entry.portfolio == portfolio]

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncGenerator["asyncpg.Connection[Any]"]:
        """Look into the database, as its administrator."""
        connection = await asyncpg.connect(self.admin)
        try:
            yield connection
        finally:
            await connection.close()

    async def until_stored(self, portfolio: str, entry: int) -> None:
        """Return once a ledger has stored that it folded an entry: who is stopped before that leaves it to its successor."""
        async with self.database() as connection:

            async def stored() -> bool:
                found = await connection.fetchval("SELECT entry FROM ledger.portfolios WHERE portfolio = $1", portfolio)
                return found is not None and found >= entry

            await waiting.until(stored, f"entry {entry} of {portfolio} is stored")


def bare_environment() -> dict[str, str]:
    """The environment of the tests without settings that are meant for another system."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}


async def _until_answers(client: httpx.AsyncClient, path: str, running: "asyncio.Task[None] | None" = None) -> None:
    async def answers() -> bool:
        if running is not None and running.done():
            running.result()
            raise AssertionError("The ledger ended by itself.")
        with contextlib.suppress(httpx.TransportError):
            return (await client.get(path)).is_success
        return False

    await waiting.until(answers, f"the ledger at {path}", limit_s=_READY_LIMIT_S)


@contextlib.asynccontextmanager
async def _empty(kafka: str, postgres: str) -> AsyncGenerator[Place]:
    prefix = f"test-{secrets.token_hex(6)}."
    family = Topics(prefix)
    await topics.create_missing(kafka, family, partitions=PARTITIONS)
    name, role = f"test_{secrets.token_hex(6)}", "portfolio_ledger"
    await migrations.migrate(postgres, passwords=_PASSWORDS, database=name)
    yield Place(
        kafka=kafka,
        prefix=prefix,
        topics=family,
        dsn=migrations.dsn(postgres, role=role, password=_PASSWORDS[role], database=name),
        admin=migrations.with_database(postgres, name),
    )
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture
async def place(kafka: str, postgres: str) -> AsyncGenerator[Place]:
    """Empty topics and an empty database for one test."""
    async with _empty(kafka, postgres) as empty:
        yield empty


@pytest_asyncio.fixture(scope="module")
async def shared(kafka: str, postgres: str) -> AsyncGenerator[Place]:
    """Topics and a database that the tests of a module share; each test has a portfolio of its own."""
    async with _empty(kafka, postgres) as empty:
        yield empty


@pytest_asyncio.fixture(scope="module")
async def ledger(shared: Place) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of a ledger that the tests of a module share."""
    async with shared.ledger() as client:
        yield client
