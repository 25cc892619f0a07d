"""Which installation an operator's command is about, and the services' own commands on it."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portfolio_deploy import migrations
from portfolio_deploy.errors import StackError, WrongUse
from portfolio_deploy.local import postgres, run_files
from portfolio_deploy.local.state_directory import StateDirectory


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Bootstrap servers, and the connection strings of the two services' roles."""

    kafka: str
    ledger: str
    projector: str

    async def run_ledger(self, *arguments: str) -> int:
        """Run `ledger` with arguments; what it says is said here. Return its exit code."""
        return await self._run("portfolio_ledger", self.ledger, arguments)

    async def run_projector(self, *arguments: str) -> int:
        """Run `projector` with arguments; what it says is said here. Return its exit code."""
        return await self._run("portfolio_projector", self.projector, arguments)

    async def _run(self, module: str, dsn: str, arguments: tuple[str, ...]) -> int:
        environment = {**os.environ, "PORTFOLIO_KAFKA": self.kafka, "PORTFOLIO_POSTGRES": dsn}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments),
            env=environment,
            preexec_fn=_leave_interrupts,
        )
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, process.terminate)
        try:
            code = await process.wait()
        except asyncio.CancelledError:  # an interrupt, of which only this process may have been told
            process.terminate()
            await process.wait()
            raise
        return code if code >= 0 else _KILLED - code


_KILLED = 128
"""What shells add to the number of the signal that ended a program."""


def _leave_interrupts() -> None:
    """Leave it to the command to end the program that it runs: that may be in the middle of its imports."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def find(directory: Path, environment: Mapping[str, str]) -> Installation:
    """Return the installation that the environment names, else the local stack that runs on the directory.

    Raises:
        WrongUse: when the environment names a part of one only.
        StackError: when nothing is named and nothing runs there.

    """
    names = ("PORTFOLIO_KAFKA", "PORTFOLIO_LEDGER_POSTGRES", "PORTFOLIO_PROJECTOR_POSTGRES")
    named = [environment[name] for name in names if environment.get(name)]
    if len(named) == len(names):
        return Installation(kafka=named[0], ledger=named[1], projector=named[2])
    if named:
        raise WrongUse(f"Set all of {', '.join(names)}, or none of them for the local stack.")
    state = StateDirectory(directory)
    record = state.record()
    files = [run_files.read(state.run, name) for name in ("kafka", "postgres")]
    if record is None or not all(file is not None and file.runs() for file in files):
        raise StackError(
            f"No local stack runs on {state.path}: start it with `portfolio up`, name it with --data, "
            f"or set {', '.join(names)} for another installation."
        )
    admin = postgres.dsn(record.ports["postgres"], record.passwords["postgres"])
    ledger, projector = (
        migrations.dsn(admin, role=role, password=record.passwords[role]) for role in ("portfolio_ledger", "portfolio_projector")
    )
    return Installation(kafka=f"127.0.0.1:{record.ports['kafka']}", ledger=ledger, projector=projector)
