"""Programs that the stack starts, and their processes: they write a log file, and do not outlive their parent."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from portfolio_deploy.errors import ProgramEnded, StackError
from portfolio_deploy.local import run_files
from portfolio_deploy.local.reports import Report

_LOOK_AGAIN_S = 0.05
_SAY_SO_AFTER_S = 15
_LOG_BYTES_MAX = 20_000_000
_PR_SET_PDEATHSIG = 1

Ready = Callable[[], Awaitable[bool]]


async def _at_once() -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Account:
    """The user and group that a program runs as."""

    user: int
    group: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and how to know that it is ready.

    `port` is where it listens on 127.0.0.1; it is ready only when it does so itself, whatever may answer there.
    `name` names its log and run file, `title` is for people; `environment` is complete, nothing is inherited; `folder` is
    where it works; `ready` is asked again and again until it answers true or `ready_limit_s` has passed.
    """

    name: str
    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    address: str | None = None
    port: int | None = None
    folder: Path = Path("/")
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_limit_s: float = 20
    ready: Ready = field(default=_at_once)
    ready_limit_s: float = 600  # recovery after a crash, or state made anew from a long log, takes what it takes


class Child:
    """A started program."""

    def __init__(self, program: Program, process: Process, log: Path, run: Path) -> None:
        self.program = program
        self._process = process
        self._log = log
        self._run = run

    @classmethod
    async def start(cls, program: Program, *, logs: Path, run: Path) -> Self:
        """Start the program and write its run file."""
        log = logs / f"{program.name}.log"
        _rotate(log)
        account = program.account
        with log.open("ab") as output:
            try:
                process = await asyncio.create_subprocess_exec(
                    *program.command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=dict(program.environment),
                    cwd=program.folder,
                    start_new_session=True,  # a Ctrl-C in the terminal reaches the supervisor alone, which stops in order
                    preexec_fn=_die_with(os.getpid(), program.stop_signal),
                    user=None if account is None else account.user,
                    group=None if account is None else account.group,
                    extra_groups=None if account is None else [],
                )
            except OSError as error:
                raise StackError(f"{program.title} cannot be started: {program.command[0]}: {error.strerror}.") from error
        run_files.write(
            run,
            program.name,
            process.pid,
            stop_signal=program.stop_signal,
            stop_limit_s=program.stop_limit_s,
            address=program.address,
        )
        return cls(program, process, log, run)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._process.returncode

    async def wait(self) -> int:
        """Wait for its end and return the exit code."""
        return await self._process.wait()

    async def wait_ready(self, report: Report) -> None:
        """Wait until it is ready; say so when that takes long.

        Raises:
            ProgramEnded: it ended before; with its last lines.
            StackError: it takes longer than it may; the same.

        """
        started = time.monotonic()
        said = False
        while self.exit_code is None:
            if await self._is_ready():
                return
            waited_s = time.monotonic() - started
            if waited_s > self.program.ready_limit_s:
                raise StackError(self._told(f"was not ready within {self.program.ready_limit_s:.0f} s"))
            if waited_s > _SAY_SO_AFTER_S and not said:
                report.say(f"{self.program.title} is still at it; what it says is in {self._log}")
                said = True
            await asyncio.sleep(_LOOK_AGAIN_S)
        raise ProgramEnded(self._told(f"ended with exit code {self.exit_code}"))

    async def _is_ready(self) -> bool:
        port = self.program.port
        return (port is None or await asyncio.to_thread(listens, self.pid, port)) and await self.program.ready()

    async def stop(self) -> None:
        """Ask it to end, wait, and after its limit end it and what it started. Safe to call again."""
        self.send(self.program.stop_signal)
        try:
            async with asyncio.timeout(self.program.stop_limit_s):
                await self.wait()
        except TimeoutError:
            await self.kill()
        except asyncio.CancelledError:
            await self.kill()
            raise
        run_files.remove(self._run, self.program.name)

    async def kill(self) -> None:
        """End it, and the processes of its group, at once."""
        self.end_at_once()
        await self.wait()

    def end_at_once(self) -> None:
        """Send the end to it, and to the processes of its group, without waiting for it."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def send(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def last_lines(self, count: int = 15) -> str:
        """Return the end of its log, indented for a person to read."""
        with contextlib.suppress(OSError):
            lines = self._log.read_bytes()[-20_000:].decode("utf-8", "replace").splitlines()[-count:]
            return "\n".join(f"    {line}" for line in lines)
        return ""

    def _told(self, what: str) -> str:
        return f"{self.program.title} {what}. The last lines of {self._log}:\n{self.last_lines()}"


def listens(pid: int, port: int) -> bool:
    """Tell whether this very process listens on a port: another program may have been quicker to take it."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port for one in connections)


async def run_to_end(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path = Path("/"), account: Account | None = None
) -> tuple[int, str]:
    """Run a command until it ends by itself, or until this is cancelled; return its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(environment),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=_die_with(os.getpid(), signal.SIGKILL),
        user=None if account is None else account.user,
        group=None if account is None else account.group,
        extra_groups=None if account is None else [],
    )
    try:
        said, _ = await process.communicate()
        return await process.wait(), said.decode("utf-8", "replace").strip()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _die_with(parent: int, number: int) -> Callable[[], None] | None:
    """Return what makes a new process receive `number` when its parent dies, however it dies; Linux only."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)  # loaded before the fork: afterwards nothing may take a lock

    def before_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return before_exec


def _rotate(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_BYTES_MAX:
            log.replace(log.with_suffix(".log.1"))
