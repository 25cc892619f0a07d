# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Where a benchmark runs: topics that nobody wrote to, a migrated database, and the services as processes on both."""

import contextlib
import http.client
import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient

from portfolio_deploy import migrations
from portfolio_deploy.local.ports import Reservations
from portfolio_log import topics
from portfolio_log.topics import Topics
from tests import stacks, waiting
from tests.bench import events, processes
from tests.bench.processes import Machine, Process

PASSWORD = "of-the-bench"  # noqa: S105  and is no secret
_READY_LIMIT_S = 60

Wrap = Callable[[str, str], Sequence[str]]
"""Makes the command of a service from its module and its command."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Topics and a database of one round."""

    kafka: str
    topics: Topics
    prefix: str
    postgres: str
    database: str
    machine: Machine
    folder: Path

    @property
    def admin(self) -> str:
        """The administrator's connection string of the database."""
        return migrations.with_database(self.postgres, self.database)

    @contextlib.asynccontextmanager
    async def service(self, module: str, command: str, *, wrap: Wrap = processes.python) -> AsyncGenerator[tuple[Process, int]]:
        """Run a service and give it with its port; one that speaks HTTP is ready by then."""
        with contextlib.closing(_Ports()) as ports:
            role = "portfolio_ledger" if module == "portfolio_ledger" else "portfolio_projector"
            environment = {
                "PORTFOLIO_KAFKA": self.kafka,
                "PORTFOLIO_POSTGRES": migrations.dsn(self.postgres, role=role, password=PASSWORD, database=self.database),
                "PORTFOLIO_TOPIC_PREFIX": self.prefix,
                "PORTFOLIO_PORT": str(ports.one),
            }
            async with processes.running(wrap(module, command), self.folder, environment) as process:
                if (module, command) != ("portfolio_projector", "run"):
                    await _until_ready(process, ports.one)
                yield process, ports.one

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
        """Look into the database, as its administrator."""
        connection = await asyncpg.connect(self.admin)
        try:
            yield connection
        finally:
            await connection.close()


class _Ports:
    """One free port, kept free until it is used."""

    def __init__(self) -> None:
        self._reservations = Reservations()
        self.one = self._reservations.choose({})["ledger"]

    def close(self) -> None:
        self._reservations.release()


def machine_of(stack: stacks.Stack) -> Machine:
    """Return the processes of a stack, where they are processes of this machine."""
    postgres = urlsplit(stack.postgres).port
    broker = int(stack.kafka.rpartition(":")[2])
    return Machine(processes.listening_on(postgres) if postgres else None, processes.listening_on(broker))


@contextlib.asynccontextmanager
async def fresh(stack: stacks.Stack, folder: Path) -> AsyncGenerator[Place]:
    """Make a place and remove it at the end."""
    name = secrets.token_hex(4)
    family, database = Topics(f"bench-{name}."), f"bench_{name}"
    await topics.create_missing(stack.kafka, family, partitions=events.PARTITIONS)
    await migrations.migrate(stack.postgres, passwords=dict.fromkeys(migrations.ROLES, PASSWORD), database=database)
    try:
        yield Place(
            kafka=stack.kafka,
            topics=family,
            prefix=f"bench-{name}.",
            postgres=stack.postgres,
            database=database,
            machine=machine_of(stack),
            folder=folder,
        )
    finally:
        connection = await asyncpg.connect(stack.postgres)
        await connection.execute(f"DROP DATABASE {database} WITH (FORCE)")
        await connection.close()
        admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka)
        await admin.start()
        try:
            await admin.delete_topics([name for name in await admin.list_topics() if name.startswith(f"bench-{database[6:]}.")])
        finally:
            await admin.close()


async def _until_ready(process: Process, port: int) -> None:
    async def ready() -> bool:
        process.check()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    await waiting.until(ready, "the service is ready", limit_s=_READY_LIMIT_S)
