"""A place of its own for each test of the projector: topics that nobody wrote to, a migrated database, programs on both."""

import asyncio
import contextlib
import os
import secrets
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from portfolio_deploy import migrations
from portfolio_log import topics
from portfolio_log.kafka import KafkaLog
from portfolio_log.topics import Topics
from portfolio_projector.http import serving
from portfolio_projector.projecting import running
from portfolio_projector.settings import RunSettings, ServeSettings
from tests import waiting
from tests.histories import Writer
from tests.integration.projector.stories import Story

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

PARTITIONS = 4
_PASSWORDS = {role: f"{role}-of-the-tests" for role in migrations.ROLES}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one test works: its topics, its database as the service, the administrator and other readers see it."""

    kafka: str
    family: Topics
    prefix: str
    dsn: str
    admin: str

    @property
    def reader(self) -> str:
        """The connection string of one who may read the views that are a contract."""
        role, name = "portfolio_reader", urlsplit(self.admin).path[1:]
        return migrations.dsn(self.admin, role=role, password=_PASSWORDS[role], database=name)

    @contextlib.asynccontextmanager
    async def writer(self) -> "AsyncGenerator[Writer]":
        """Append histories to the ledger topic."""
        async with KafkaLog(self.kafka, self.family.ledger.name, client_id="test") as log:
            yield Writer(log, partitions=PARTITIONS)

    @contextlib.asynccontextmanager
    async def projecting(self) -> "AsyncGenerator[asyncio.Task[None]]":
        """Run a projector in this process."""
        settings = RunSettings(kafka=self.kafka, postgres=self.dsn, topic_prefix=self.prefix)
        task = asyncio.create_task(running.run(settings))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def serving(self, *, wait_seconds_max: float = 10) -> "AsyncGenerator[httpx.AsyncClient]":
        """Serve reads in this process, and give a client."""
        settings = ServeSettings(postgres=self.dsn, port=0, wait_seconds_max=wait_seconds_max)
        listener = serving.listen(settings)
        task = asyncio.create_task(serving.serve_on(settings, listener))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=address, timeout=30) as client:
                yield client
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def start(self) -> asyncio.subprocess.Process:
        """Run a projector as a process of its own."""
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "portfolio_projector", "run",
            env={
                **os.environ,
                "PORTFOLIO_KAFKA": self.kafka,
                "PORTFOLIO_POSTGRES": self.dsn,
                "PORTFOLIO_TOPIC_PREFIX": self.prefix,
            },
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    @contextlib.asynccontextmanager
    async def connection(self) -> "AsyncGenerator[asyncpg.Connection[Any]]":
        """Look into the database, as its administrator."""
        connection = await asyncpg.connect(self.admin)
        try:
            yield connection
        finally:
            await connection.close()

    async def until_applied(self, portfolio: str, entry: int, *, read_model: str = "backlogs") -> None:
        """Return once a read model has followed a portfolio to an entry."""
        async with self.connection() as connection:

            async def applied() -> bool:
                head = await connection.fetchval(
                    "SELECT entry FROM projector.heads WHERE read_model = $1 AND portfolio = $2", read_model, portfolio
                )
                return head is not None and head >= entry

            await waiting.until(applied, f"{read_model} at entry {entry} of {portfolio}", limit_s=60)


@pytest.fixture
async def place(kafka: str, postgres: str) -> "AsyncGenerator[Place]":
    """Empty topics and an empty database for one test."""
    async with _empty(kafka, postgres) as empty:
        yield empty


@pytest.fixture(scope="module")
async def module_place(kafka: str, postgres: str) -> "AsyncGenerator[Place]":
    """Empty topics and an empty database that the tests of a module share."""
    async with _empty(kafka, postgres) as empty:
        yield empty


async def published(place: Place, story: Story, steps: int) -> int:
    """Play steps of a story, append them, wait until they are projected; return the last entry."""
    story.play(steps)
    async with place.writer() as writer:
        await writer.write(story.history)
    for model in ("entries", "concerns", "initiatives", "backlogs"):
        await place.until_applied(story.history.portfolio, story.history.head.entry, read_model=model)
    return story.history.head.entry


@pytest.fixture(scope="module")
async def reading(module_place: Place):
    """A read API over one small story."""
    story = Story("acme", 3)
    async with module_place.projecting(), module_place.serving() as client:
        await published(module_place, story, 40)
        yield client


@contextlib.asynccontextmanager
async def _empty(kafka: str, postgres: str) -> "AsyncGenerator[Place]":
    topic_prefix = f"test-{secrets.token_hex(6)}."
    family = Topics(topic_prefix)
    await topics.create_missing(kafka, family, partitions=PARTITIONS)
    name = f"test_{secrets.token_hex(6)}"
    await migrations.migrate(postgres, passwords=_PASSWORDS, database=name)
    role = "portfolio_projector"
    yield Place(
        kafka=kafka,
        family=family,
        prefix=topic_prefix,
        dsn=migrations.dsn(postgres, role=role, password=_PASSWORDS[role], database=name),
        admin=migrations.with_database(postgres, name),
    )
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()
