"""Operators' commands that are interrupted end, all of them, and without a traceback."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest

_LIMIT_S = 30


@dataclass(frozen=True)
class Silent:
    """A database that says nothing: where it is, whether somebody asked it, and whether they are gone."""

    dsn: str
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)


@contextlib.asynccontextmanager
async def silent_database() -> AsyncGenerator[Silent]:
    """Give a server that takes connections and never answers."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        silent.asked.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        silent.left.set()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        silent = Silent(f"postgresql://portfolio@127.0.0.1:{server.sockets[0].getsockname()[1]}/portfolio")
        yield silent


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("whom", ["itself", "its group"])
async def test_what_a_command_runs_ends_with_it(number: signal.Signals, code: int, whom: str):
    """Whether a terminal tells its whole group or a supervisor the command alone: the program that it runs does not go on."""
    async with silent_database() as database:
        names = ("PORTFOLIO_LEDGER_POSTGRES", "PORTFOLIO_PROJECTOR_POSTGRES")
        named = {"PORTFOLIO_KAFKA": "127.0.0.1:1", **dict.fromkeys(names, database.dsn)}
        command = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "portfolio_deploy", "rebuild", "backlogs"),
            env={**os.environ, **named},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        await asyncio.wait_for(database.asked.wait(), _LIMIT_S)
        (os.kill if whom == "itself" else os.killpg)(command.pid, number)
        said, _ = await command.communicate()
        await asyncio.wait_for(database.left.wait(), _LIMIT_S)
    assert b"Traceback" not in said
    assert code == command.returncode


async def test_a_service_s_own_command_is_interrupted_without_a_traceback():
    """In a container the services' programs are what operators run."""
    async with silent_database() as database:
        command = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "portfolio_projector", "rebuild", "backlogs"),
            env={**os.environ, "PORTFOLIO_POSTGRES": database.dsn},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        await asyncio.wait_for(database.asked.wait(), _LIMIT_S)
        command.send_signal(signal.SIGINT)
        said, _ = await command.communicate()
    assert (said, command.returncode) == (b"projector: interrupted\n", 130)
