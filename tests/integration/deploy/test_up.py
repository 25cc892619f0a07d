"""`portfolio up`, `down` and `status` as processes, with stubs in place of the services."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from portfolio_deploy import run_files
from portfolio_deploy.run_files import RunFile
from tests import waiting

PARTS = {"ledger", "projector", "read-api", "kafka", "postgres"}


@dataclass
class Up:
    """A running `up` and what it has printed so far."""

    state: Path
    process: asyncio.subprocess.Process
    printed: str = ""

    async def until(self, pattern: str) -> str:
        """Read on until a line matches and return it."""
        assert self.process.stdout is not None
        while True:
            line = (await asyncio.wait_for(self.process.stdout.readline(), 60)).decode()
            assert line, f"ended before {pattern!r}:\n{self.printed}"
            self.printed += line
            if re.search(pattern, line):
                return line

    async def end(self) -> int:
        """Read to the end and return the exit code."""
        assert self.process.stdout is not None
        self.printed += (await asyncio.wait_for(self.process.stdout.read(), 60)).decode()
        return await self.process.wait()

    def part(self, name: str) -> RunFile:
        """The run file of one part."""
        file = run_files.read(self.state / "run", name)
        assert file is not None
        return file


Start = Callable[..., Awaitable[Up]]


@pytest.fixture
async def start(state: Path) -> AsyncGenerator[Start]:
    """Start `up` on the test's state directory; what still runs after the test is ended."""
    started = list[Up]()

    async def start(*behaviours: str, ready: bool = True) -> Up:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(Path(__file__).with_name("stub_system.py")), str(state), *behaviours),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        up = Up(state, process)
        started.append(up)
        if ready:
            await up.until("A first thing to do")
        return up

    yield start
    for up in started:
        if up.process.returncode is None:
            up.process.terminate()
            await up.end()


async def portfolio(*arguments: str) -> tuple[int, str]:
    """Run the command and return its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "portfolio_deploy", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return await process.wait(), said.decode()


def left_over(state: Path) -> list[str]:
    """What still runs for this state directory: by its path on the command line, or by its working directory."""
    found = list[str]()
    for process in psutil.process_iter():
        try:
            if any(str(state) in argument for argument in process.cmdline()) or str(state) in process.cwd():
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


async def test_up_prints_every_address_on_a_line_of_its_own(start: Start):
    """People and scripts find them."""
    up = await start()
    assert re.search(r"^ledger +http://127\.0\.0\.1:\d+$", up.printed, re.MULTILINE)
    assert re.search(r"^read API +http://127\.0\.0\.1:\d+$", up.printed, re.MULTILINE)
    assert re.search(r"^Kafka +127\.0\.0\.1:\d+$", up.printed, re.MULTILINE)
    assert re.search(r"^PostgreSQL +127\.0\.0\.1:\d+$", up.printed, re.MULTILINE)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_stops_everything_in_order_with_exit_code_0(start: Start, state: Path, number: int):
    """Ctrl-C, an init system, a closed terminal: nothing is left running."""
    up = await start()
    up.process.send_signal(number)
    assert await up.end() == 0
    assert left_over(state) == []


async def test_a_second_signal_does_not_wait_for_a_deaf_service(start: Start, state: Path):
    """Who is impatient is heard."""
    up = await start("ledger=deaf")
    up.process.send_signal(signal.SIGINT)
    await up.until("Stopping")
    up.process.send_signal(signal.SIGINT)
    assert await up.end() == 0
    assert left_over(state) == []


async def test_a_killed_service_is_started_again(start: Start, state: Path):
    """And it is said."""
    up = await start()
    before = up.part("ledger")
    before.kill()
    await up.until("ledger ended with exit code -9; it is started again")
    await waiting.until(lambda: up.part("ledger").pid != before.pid and up.part("ledger").runs(), "another ledger runs")
    assert (await portfolio("status", "--data", str(state)))[0] == 0


@pytest.mark.parametrize("part", ["kafka", "postgres"])
async def test_a_killed_kafka_or_postgresql_is_started_again(start: Start, state: Path, part: str):
    """The supervisor looks after them as well."""
    up = await start()
    up.part(part).kill()

    async def whole() -> bool:
        return (await portfolio("status", "--data", str(state)))[0] == 0

    await up.until("it is started again")
    await waiting.until(whole, "everything is ready again", limit_s=60)


async def test_a_service_that_refuses_again_and_again_stops_everything(start: Start, state: Path):
    """Exit code 1, and its last words."""
    up = await start("read-api=refuse", ready=False)
    assert await up.end() == 1
    assert "I was told to refuse" in up.printed
    assert up.printed.count("it is started again") == 4
    assert left_over(state) == []


async def test_status_and_down_from_another_terminal(start: Start, state: Path):
    """Everything runs, everything stops, nothing runs."""
    up = await start()
    code, said = await portfolio("status", "--json", "--data", str(state))
    document = json.loads(said)
    assert code == 0
    assert document["ready"] is True
    assert {part["name"] for part in document["parts"]} == PARTS
    assert all(part["running"] and part["ready"] and part["pid"] for part in document["parts"])

    assert await portfolio("down", "--data", str(state)) == (0, f"Stopped the stack on {state}.\n")
    assert await up.end() == 0
    assert await portfolio("down", "--data", str(state)) == (0, f"Nothing runs on {state}.\n")
    code, said = await portfolio("status", "--data", str(state))
    assert code == 1
    assert "Nothing runs" in said


async def test_a_second_up_on_the_same_directory_is_refused(start: Start):
    """With exit code 1 and a sentence that says what to do; the first is not disturbed."""
    first = await start()
    second = await start(ready=False)
    assert await second.end() == 1
    assert "already runs" in second.printed
    assert first.part("kafka").runs()


async def test_what_a_killed_supervisor_left_ends_by_itself_or_is_ended_by_the_next_up(start: Start, state: Path):
    """The supervisor alone is killed with -9."""
    up = await start()
    old = [up.part(name) for name in PARTS]
    up.process.kill()
    await up.end()
    again = await start()
    assert not any(file.runs() for file in old)
    assert all(again.part(name).runs() for name in PARTS)
    again.process.terminate()
    assert await again.end() == 0
    assert left_over(state) == []


async def test_down_ends_what_a_killed_supervisor_left(start: Start, state: Path):
    """Where the system does not end children with their parent, or they take their time."""
    up = await start("ledger=deaf")
    ledger = up.part("ledger")
    up.process.kill()
    await up.end()
    code, _ = await portfolio("down", "--data", str(state))
    assert code == 0
    assert not ledger.runs()
    await waiting.until(lambda: left_over(state) == [], "nothing is left running")


async def test_everything_killed_at_once_is_recovered_by_the_next_up(start: Start, state: Path):
    """A power failure, as far as processes can tell."""
    up = await start()
    everything = [up.process.pid, *(up.part(name).pid for name in PARTS)]
    for pid in everything:
        os.kill(pid, signal.SIGKILL)
    await up.end()
    await start()
    assert (await portfolio("status", "--data", str(state)))[0] == 0
