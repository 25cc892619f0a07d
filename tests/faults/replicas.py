"""The services as replicas: each a process of its own with its own way to Kafka, to PostgreSQL, and to its clients."""

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

from portfolio_deploy.local import services
from portfolio_deploy.local.programs import Child, Program
from portfolio_deploy.local.reports import Silent
from tests.faults.proxies import Proxy

_READY_LIMIT_S = 90
_MODULES = {"ledger": "portfolio_ledger", "projector": "portfolio_projector", "read-api": "portfolio_projector"}


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The proxies of one replica; `http` is how clients reach it, where it listens."""

    kafka: Proxy
    postgres: Proxy
    http: Proxy


class Replica:
    """One process of a service. `kind` is ledger, projector or read-api."""

    def __init__(self, name: str, kind: str, ways: Ways, program: Program, folder: Path) -> None:
        self.name = name
        self.kind = kind
        self.ways = ways
        self.program = program
        self.stopped = False
        self.wanted = False
        self.ended_itself = list[int]()
        self._folder = folder
        self._child: Child | None = None
        if program.port is not None:
            ways.http.lead_to(program.port)

    @property
    def address(self) -> str:
        """Where its clients find it."""
        return f"http://127.0.0.1:{self.ways.http.port}"

    @property
    def pid(self) -> int | None:
        """Its process id, None before it was started."""
        return None if self._child is None else self._child.pid

    @property
    def runs(self) -> bool:
        """Tell whether its process is there, stopped or not."""
        return self._child is not None and self._child.exit_code is None

    @property
    def log(self) -> Path:
        """What it prints."""
        return self._folder / f"{self.program.name}.log"

    @property
    def rss(self) -> int:
        """Its resident memory in bytes, 0 when it does not run."""
        try:
            return psutil.Process(self._child.pid).memory_info().rss if self._child is not None and self.runs else 0
        except psutil.Error:
            return 0

    def differently(self, environment: Mapping[str, str]) -> "Replica":
        """Return another replica like this one, in another environment; it takes this one's place while this one is stopped."""
        program = replace(self.program, name=f"{self.name}-other", environment={**self.program.environment, **environment})
        return Replica(program.name, self.kind, self.ways, program, self._folder)

    async def start(self) -> None:
        """Start it, unless it runs."""
        if self.runs:
            return
        self.note_end()
        self.wanted, self.stopped = True, False
        self._child = await Child.start(self.program, logs=self._folder, run=self._folder)

    async def ready(self) -> None:
        """Wait until it is ready."""
        assert self._child is not None
        async with asyncio.timeout(_READY_LIMIT_S):
            await self._child.wait_ready(Silent())

    async def kill(self) -> None:
        """End it with SIGKILL."""
        self.note_end()
        self.wanted = False
        if self._child is not None:
            await self._child.kill()

    async def terminate(self) -> None:
        """Ask it to end, and wait until it has."""
        self.note_end()
        self.wanted = False
        if self._child is not None:
            await self._child.stop()

    def pause(self) -> None:
        """Stop it where it is."""
        if self._child is not None:
            self.stopped = True
            self._child.send(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on."""
        if self._child is not None:
            self.stopped = False
            self._child.send(signal.SIGCONT)

    def note_end(self) -> None:
        """Remember when it ended although nobody ended it."""
        if self.wanted and self._child is not None and self._child.exit_code is not None:
            self.ended_itself.append(self._child.exit_code)
            self.wanted = False

    @property
    def exit_code(self) -> int | None:
        """Its exit code, None while it runs."""
        return None if self._child is None else self._child.exit_code


def programs(
    ways: Sequence[tuple[str, str, Ways]],
    *,
    ports: Mapping[str, int],
    dsn: Mapping[str, str],
    environment: Mapping[str, str],
    without: Mapping[str, str],
) -> list[Program]:
    """Return a program for each (name, kind, ways): as `portfolio up` starts it, but for its addresses.

    `dsn` are connection strings by kind; `without` names the guard that a replica is started without, by its name.
    """
    made = list[Program]()
    for name, kind, way in ways:
        told = {"ledger": ports[name], "read-api": ports[name]}
        reached = _through(dsn[kind], way.postgres.port)
        kafka = f"127.0.0.1:{way.kafka.port}"
        found = {one.name: one for one in services.programs(kafka=kafka, ledger=reached, projector=reached, ports=told)}[kind]
        program = replace(found, name=name, environment={**found.environment, **environment})
        if name in without:
            command = (sys.executable, "-m", "tests.faults.launcher", without[name], _MODULES[kind], program.command[-1])
            root = str(Path(__file__).parents[2])
            program = replace(program, command=command, environment={**program.environment, "PYTHONPATH": root})
        made.append(program)
    return made


def _through(dsn: str, port: int) -> str:
    """Return a connection string that leads through a proxy."""
    parts = urlsplit(dsn)
    place = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}"
    return urlunsplit(parts._replace(netloc=place))
