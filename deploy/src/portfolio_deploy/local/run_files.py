"""Run files: who was started for a state directory, so that a later command finds it, asks it to end, or ends it."""

import asyncio
import contextlib
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from portfolio_deploy.local import identities

_LOOK_AGAIN_S = 0.05


@dataclass(frozen=True, kw_only=True)
class RunFile:
    """A started process: its pid, what tells it from a later process with that pid, and how to ask it to end."""

    name: str
    pid: Annotated[int, Field(gt=0)]
    identity: str
    stop_signal: int
    stop_limit_s: float
    address: str | None = None

    def runs(self) -> bool:
        """Tell whether this very process still runs."""
        return identities.identity(self.pid) == self.identity

    def signal(self, number: int) -> None:
        """Send a signal to this very process, or to nobody."""
        if self.runs():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End the process and, where it leads a group of its own, the whole group, at once."""
        if self.runs():
            with contextlib.suppress(ProcessLookupError):
                if os.getpgid(self.pid) == self.pid:
                    os.killpg(self.pid, signal.SIGKILL)
                else:
                    os.kill(self.pid, signal.SIGKILL)


_RUN_FILES = TypeAdapter(RunFile)


def write(folder: Path, name: str, pid: int, *, stop_signal: int, stop_limit_s: float, address: str | None = None) -> None:
    """Write the run file of a process that was just started; of one that has ended already, none."""
    identity = identities.identity(pid)
    if identity is None:
        return
    file = RunFile(
        name=name, pid=pid, identity=identity, stop_signal=int(stop_signal), stop_limit_s=stop_limit_s, address=address
    )
    partial = folder / f".{name}.partial"
    partial.write_text(json.dumps(asdict(file)), encoding="utf-8")
    partial.replace(folder / f"{name}.json")


def read(folder: Path, name: str) -> RunFile | None:
    """Return the run file of this name; None when there is none, or when a crash left it unreadable."""
    try:
        return _RUN_FILES.validate_json((folder / f"{name}.json").read_bytes(), strict=True)
    except (OSError, ValidationError):
        return None


def read_all(folder: Path) -> list[RunFile]:
    """Return all run files of a folder, by name."""
    return [file for path in sorted(folder.glob("*.json")) if (file := read(folder, path.stem)) is not None]


def remove(folder: Path, name: str) -> None:
    """Forget a process that has ended."""
    (folder / f"{name}.json").unlink(missing_ok=True)


async def wait_for_end(files: list[RunFile], limit_s: float) -> bool:
    """Wait until none of these processes runs; False when the limit passed first."""
    deadline = time.monotonic() + limit_s
    while any(file.runs() for file in files):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(_LOOK_AGAIN_S)
    return True


async def end_stale(folder: Path) -> list[str]:
    """End what a killed supervisor left running and return the names; who only shares a pid is left alone."""
    running = [file for file in read_all(folder) if file.runs() and file.pid != os.getpid()]
    for file in running:
        file.signal(file.stop_signal)
    limit_s = max((file.stop_limit_s for file in running), default=0)
    if not await wait_for_end(running, limit_s):
        for file in running:
            file.kill()
        await wait_for_end(running, limit_s)
    for file in read_all(folder):
        remove(folder, file.name)
    return [file.name for file in running]
