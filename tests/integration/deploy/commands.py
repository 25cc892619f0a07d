"""The `portfolio` command as a person runs it: processes, what they print, what they leave."""

import asyncio
import contextlib
import re
import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import psutil

from portfolio_deploy.local import run_files
from portfolio_deploy.local.run_files import RunFile

PARTS = {"ledger", "projector", "read-api", "kafka", "postgres"}

_LIMIT_S = 90


@dataclass
class Up:
    """A `portfolio up` with stubs in place of the services, and what it has printed so far."""

    state: Path
    process: asyncio.subprocess.Process
    printed: str = ""

    @classmethod
    async def start(
        cls, state: Path, *behaviours: str, below: tuple[str, ...] = (), stdin: int = asyncio.subprocess.DEVNULL
    ) -> "Up":
        """Start it, without waiting until it is ready; the behaviours are those of stub_system.py.

        `below` is a command that is given the command line as arguments; then `process` is that command. `stdin` is a
        file descriptor.
        """
        process = await asyncio.create_subprocess_exec(
            *(*below, sys.executable, str(Path(__file__).with_name("stub_system.py")), str(state), *behaviours),
            stdin=stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=_heed_signals,
        )
        return cls(state, process)

    async def until(self, pattern: str) -> None:
        """Read on until a line matches."""
        assert self.process.stdout is not None
        while not re.search(pattern, line := (await asyncio.wait_for(self.process.stdout.readline(), _LIMIT_S)).decode()):
            assert line, f"ended before {pattern!r}:\n{self.printed}"
            self.printed += line
        self.printed += line

    async def until_ready(self) -> None:
        """Read on until everything runs."""
        await self.until("A first thing to do")

    async def end(self) -> int:
        """Read to the end and return the exit code."""
        assert self.process.stdout is not None
        self.printed += (await asyncio.wait_for(self.process.stdout.read(), _LIMIT_S)).decode()
        return await self.process.wait()

    def part(self, name: str) -> RunFile:
        """The run file of one part."""
        file = run_files.read(self.state / "run", name)
        assert file is not None
        return file


@contextlib.asynccontextmanager
async def up(
    state: Path, *behaviours: str, below: tuple[str, ...] = (), stdin: int = asyncio.subprocess.DEVNULL
) -> AsyncGenerator[Up]:
    """Run `portfolio up`, as `Up.start` does, until everything runs, and end it afterwards if the test has not."""
    started = await Up.start(state, *behaviours, below=below, stdin=stdin)
    try:
        await started.until_ready()
        yield started
    finally:
        if started.process.returncode is None:
            started.process.terminate()
            await started.end()


async def portfolio(*arguments: str) -> tuple[int, str]:
    """Run the command and return its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "portfolio_deploy", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), _LIMIT_S)
    return await process.wait(), said.decode()


def left_over(state: Path) -> list[str]:
    """What still runs for this state directory: by its path on the command line, or by its working directory."""
    found = list[str]()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(state) in argument for argument in process.cmdline()) or str(state) in process.cwd():
                found.append(" ".join(process.cmdline()))
    return found


def _heed_signals() -> None:
    """Undo what `nohup` and `&` around the tests say to all that they start: a closed terminal and Ctrl-C are tried here."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
