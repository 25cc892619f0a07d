"""The programs of a benchmark as processes: what they say, what CPU time they and their children took, what memory they hold."""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

_END_LIMIT_S = 20


def say(what: str, **more: float) -> None:
    """Tell the benchmark that started this process how far it is and what CPU time it took, on a line of standard output."""
    sys.stdout.write(json.dumps({"what": what, "cpu": time.process_time(), **more}) + "\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds by those who took them, and how long it took. PostgreSQL and the broker are None where they cannot be seen."""

    own: float
    postgres: float | None
    broker: float | None
    wall: float

    def __sub__(self, earlier: "Spent") -> "Spent":
        return Spent(
            self.own - earlier.own,
            _difference(self.postgres, earlier.postgres),
            _difference(self.broker, earlier.broker),
            self.wall - earlier.wall,
        )

    @property
    def total(self) -> float | None:
        """The CPU seconds of all."""
        return None if self.postgres is None or self.broker is None else self.own + self.postgres + self.broker


@dataclass(frozen=True, slots=True)
class Machine:
    """The processes that everything runs on, where they are processes of this machine."""

    postgres: int | None
    broker: int | None

    def spent(self, own: float) -> Spent:
        """Return what PostgreSQL and the broker took since they were started, beside what a process took itself."""
        return Spent(own, _cpu_if(self.postgres), _cpu_if(self.broker), time.monotonic())


class Process:
    """A running program that may say something now and then."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path) -> None:
        self.pid = process.pid
        self._process = process
        self._errors = errors

    async def hear(self, what: str) -> dict[str, Any]:
        """Return the next thing that it says.

        Raises:
            RuntimeError: when it ends or says something else.

        """
        if self._process.stdout is None:
            raise RuntimeError("Nobody listens to this program.")
        line = await self._process.stdout.readline()
        said = json.loads(line) if line else {"what": "nothing more"}
        if said["what"] != what:
            raise RuntimeError(f"It said {said['what']}, not {what}: {self.last_words()}")
        return said

    async def go(self) -> None:
        """Tell it to begin."""
        if self._process.stdin is None:
            raise RuntimeError("This program does not listen.")
        self._process.stdin.write(b"go\n")
        await self._process.stdin.drain()

    def check(self) -> None:
        """Raise RuntimeError when it has ended."""
        if self._process.returncode is not None:
            raise RuntimeError(f"It ended with {self._process.returncode}: {self.last_words()}")

    def memory_mb(self) -> float:
        """Return its resident memory now."""
        return psutil.Process(self.pid).memory_info().rss / 1e6

    def last_words(self) -> str:
        """Return the end of what it wrote to standard error."""
        return self._errors.read_text(errors="replace")[-2000:]

    async def end(self) -> tuple[int, str]:
        """Wait until it ends by itself; return its exit code and what it wrote."""
        written, _ = await self._process.communicate()
        return self._process.returncode or 0, written.decode(errors="replace") + self.last_words()

    async def stop(self) -> None:
        """End it, gently first."""
        if self._process.returncode is None:
            self._process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_LIMIT_S):
                    await self._process.wait()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@contextlib.asynccontextmanager
async def running(command: Iterable[str], folder: Path, environment: Mapping[str, str] | None = None) -> AsyncGenerator[Process]:
    """Run a program; what it writes to standard error is in the folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTFOLIO_")}
    errors = folder / f"errors-{time.monotonic_ns()}.txt"
    with errors.open("wb") as stderr:
        started = await asyncio.create_subprocess_exec(
            *command,
            env={**inherited, **(environment or {})},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            limit=1 << 26,
        )
    process = Process(started, errors)
    try:
        yield process
    finally:
        await process.stop()


def python(module: str, *arguments: object) -> tuple[str, ...]:
    """Return the command that runs a module."""
    return (sys.executable, "-m", module, *map(str, arguments))


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process and of all that it started, those that have ended included."""
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def listening_on(port: int) -> int | None:
    """Return the process that listens on a port of this machine; None where it is somebody else's, such as a container's."""
    with contextlib.suppress(psutil.AccessDenied):
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port and connection.pid:
                name = psutil.Process(connection.pid).name()
                return connection.pid if name.startswith(("java", "postgres")) else None
    return None


def _cpu_if(pid: int | None) -> float | None:
    return None if pid is None else cpu_of(pid)


def _difference(later: float | None, earlier: float | None) -> float | None:
    return None if later is None or earlier is None else later - earlier
