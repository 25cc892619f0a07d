"""A whole system to do faults to: Kafka, PostgreSQL, two ledgers, two projectors, two read APIs, and every way between."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from portfolio_deploy import migrations
from portfolio_deploy.errors import StackError
from portfolio_deploy.local.ports import Reservations
from tests import waiting
from tests.faults import replicas
from tests.faults.proxies import Proxy
from tests.faults.records import Fault, History
from tests.faults.replicas import Replica, Ways
from tests.faults.stack import FaultyStack

KINDS = {
    "ledger-1": "ledger",
    "ledger-2": "ledger",
    "projector-1": "projector",
    "projector-2": "projector",
    "read-api-1": "read-api",
    "read-api-2": "read-api",
}
_DATABASE = "faults"
_POSITIONS = "SELECT partition, min(next_offset) AS least FROM projector.positions GROUP BY partition"
Begin = Callable[[str], Awaitable[None]]

_PASSWORDS = {role: secrets.token_hex(8) for role in migrations.ROLES}
_DSN_ROLES = {"ledger": "portfolio_ledger", "projector": "portfolio_projector", "read-api": "portfolio_projector"}


@dataclass(kw_only=True)
class World:
    """The running system and what is noted of it. `portfolios` are those under load."""

    folder: Path
    stack: FaultyStack
    replicas: dict[str, Replica]
    history: History
    prefix: str = ""
    portfolios: list[str] = field(default_factory=list[str])

    @property
    def kafka(self) -> str:
        """Kafka's bootstrap servers, past all proxies."""
        return self.stack.kafka

    @property
    def database(self) -> str:
        """The administrator's connection string of the services' database, past all proxies."""
        return migrations.with_database(self.stack.postgres, _DATABASE)

    @property
    def ledger_topic(self) -> str:
        """The name of the ledger topic."""
        return f"{self.prefix}portfolio.ledger"

    def of(self, kind: str) -> list[Replica]:
        """Return the replicas of a service."""
        return [replica for replica in self.replicas.values() if replica.kind == kind]

    def addresses(self, kind: str) -> list[str]:
        """Return where clients find a service."""
        return [replica.address for replica in self.of(kind)]

    @contextlib.contextmanager
    def fault(self, kind: str) -> Generator[None]:
        """Note that something is done to the system meanwhile."""
        began = time.monotonic()
        yield
        self.history.note(Fault(kind=kind, began=began, ended=time.monotonic()))

    async def heal(self) -> None:
        """Make everything whole again: no connection fails, everything runs, and is ready."""
        for name in ("kafka", "postgres"):
            self.stack.go_on(name)
            if self.stack.child(name).exit_code is not None:
                await self.stack.again(name)
        for replica in self.replicas.values():
            for proxy in (replica.ways.kafka, replica.ways.postgres, replica.ways.http):
                proxy.heal()
            replica.go_on()
            await replica.start()
        await asyncio.gather(*(replica.ready() for replica in self.replicas.values()))


@contextlib.asynccontextmanager
async def running(
    folder: Path,
    *,
    kinds: Mapping[str, str] = KINDS,
    without: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    begin: Begin | None = None,
    kafka_folder: Path | None = None,
    proxied: bool = True,
) -> AsyncGenerator[World]:
    """Start a world in an empty folder and stop it at the end.

    `kinds` are the replicas by name; `without` starts some without a guard (see launcher.py); `begin` is done before the first
    is started, given Kafka's bootstrap servers; `kafka_folder` is where Kafka's data are, if not in the folder.
    Without `proxied` everybody is reached straight, as a load needs it that is to be measured.
    """
    reservations, proxies = Reservations(), list[Proxy]()
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    async with contextlib.AsyncExitStack() as life:
        life.callback(reservations.release)
        ways = dict[str, Ways]()
        for name in kinds:
            ways[name] = Ways(kafka=Proxy(f"{name} kafka", kafka=True), postgres=Proxy(f"{name} pg"), http=Proxy(f"{name} http"))
            proxies += [ways[name].kafka, ways[name].postgres, ways[name].http]
        for proxy in proxies if proxied else ():
            await proxy.start()
            life.push_async_callback(proxy.close)
        listeners = {name.replace("-", "").upper(): way.kafka.port for name, way in ways.items() if proxied}
        stack = FaultyStack(folder / "stack", listeners, reservations, kafka_folder=kafka_folder)
        life.callback(_remove_postgres, stack)
        await life.enter_async_context(stack)
        kafka_ports = list(stack.listeners.values()) or [stack.record.ports["kafka"]] * len(ways)
        for way, port in zip(ways.values(), kafka_ports, strict=True):
            way.kafka.lead_to(port)
            way.postgres.lead_to(stack.record.ports["postgres"])
        await migrations.migrate(stack.postgres, passwords=_PASSWORDS, database=_DATABASE)
        dsn = {
            kind: migrations.dsn(stack.postgres, role=role, password=_PASSWORDS[role], database=_DATABASE)
            for kind, role in _DSN_ROLES.items()
        }
        made = replicas.programs(
            [(name, kinds[name], way) for name, way in ways.items()],
            ports={name: reservations.choose({})["ledger"] for name in kinds},
            dsn=dsn,
            environment=environment or {},
            without=without or {},
        )
        world = World(
            folder=folder,
            stack=stack,
            replicas={
                program.name: Replica(program.name, kinds[program.name], ways[program.name], program, logs) for program in made
            },
            history=History.to(folder / "history.jsonl"),
        )
        if begin is not None:
            await begin(stack.kafka)
        for replica in world.replicas.values():
            await replica.start()
            life.push_async_callback(_end, replica)
        await asyncio.gather(*(replica.ready() for replica in world.replicas.values()))
        yield world


def _remove_postgres(stack: FaultyStack) -> None:
    """Delete PostgreSQL's data where they lie outside the folder, if it came so far."""
    with contextlib.suppress(StackError):
        stack.remove()


async def _end(replica: Replica) -> None:
    replica.go_on()
    await replica.terminate()


async def until_projected(world: World, ends: Mapping[int, int], *, limit_s: float = 90) -> None:
    """Wait until every read model stands at the end of every partition."""
    connection = await asyncpg.connect(world.database)
    try:

        async def done() -> bool:
            rows = await connection.fetch(_POSITIONS)
            least = {row["partition"]: row["least"] for row in rows}
            return all(least.get(partition, -1) >= end for partition, end in ends.items() if end)

        await waiting.until(done, "everything projected", limit_s=limit_s)
    finally:
        await connection.close()
