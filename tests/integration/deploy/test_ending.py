"""How `portfolio up` ends: by a signal, by `portfolio down`, by a service that refuses, by kill -9."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from tests import waiting
from tests.integration.deploy import commands
from tests.integration.deploy.commands import PARTS, Up, left_over, portfolio


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_stops_everything_with_exit_code_0(state: Path, number: int):
    """Ctrl-C, an init system, a closed terminal: nothing is left running."""
    async with commands.up(state) as up:
        up.process.send_signal(number)
        assert await up.end() == 0
        assert left_over(state) == []


async def test_killed_make_takes_everything_with_it(state: Path):
    """A parent that is watched, as `make up` is, may end in any way."""
    async with commands.up(state, "parent=watched", below=("/bin/sh", "-c", '"$@" & wait', "sh")) as up:
        up.process.kill()
        await up.until("Stopped")
        await waiting.until(lambda: left_over(state) == [], "nothing is left running")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
async def test_a_signal_to_make_alone_takes_everything_with_it(state: Path, number: int):
    """At these two make only waits for what it has started, which nobody has told."""
    run = 'exec make --file=/dev/null --eval="run:; @exec \\$(COMMAND)" COMMAND="$*"'
    async with commands.up(state, "parent=watched", below=("/bin/sh", "-c", run, "sh")) as up:
        up.process.send_signal(number)
        assert await up.end() == -number
        assert left_over(state) == []


async def test_a_closed_terminal_stops_everything_also_without_a_signal(state: Path):
    """Its SIGHUP goes to the leader of the session, and that may be `make`, who keeps it."""
    ours, theirs = os.openpty()
    async with commands.up(state, stdin=theirs) as up:
        os.close(theirs)
        os.close(ours)
        assert await up.end() == 0
        assert left_over(state) == []


async def test_a_second_ctrl_c_does_not_wait_for_a_deaf_service(state: Path):
    """Who is impatient is heard."""
    async with commands.up(state, "ledger=deaf") as up:
        up.process.send_signal(signal.SIGINT)
        await up.until("Stopping")
        up.process.send_signal(signal.SIGINT)
        assert await up.end() == 0
        assert left_over(state) == []


async def test_down_stops_it_from_another_terminal(state: Path):
    """Waits until it has, and finds nothing to do the next time."""
    async with commands.up(state) as up:
        assert await portfolio("down", "--data", str(state)) == (0, f"Stopped the stack on {state}.\n")
        assert await up.end() == 0
    assert await portfolio("down", "--data", str(state)) == (0, f"Nothing runs on {state}.\n")
    code, said = await portfolio("status", "--data", str(state))
    assert code == 1
    assert "Nothing runs" in said


async def test_a_service_that_refuses_again_and_again_stops_everything(state: Path):
    """Exit code 1, and its last words."""
    up = await Up.start(state, "read-api=refuse")
    assert await up.end() == 1
    assert "I was told to refuse" in up.printed
    assert up.printed.count("it is started again") == 4
    assert left_over(state) == []


async def test_what_a_killed_supervisor_left_is_ended_by_the_next_up(state: Path):
    """Where it has not ended with its parent already."""
    async with commands.up(state, "ledger=deaf") as up:
        old = [up.part(name) for name in PARTS]
        up.process.kill()
        await up.end()
    async with commands.up(state) as again:
        assert not any(file.runs() for file in old)
        assert all(again.part(name).runs() for name in PARTS)


async def test_what_a_killed_supervisor_left_is_ended_by_down(state: Path):
    """Nothing else needs to be started for it."""
    async with commands.up(state, "ledger=deaf") as up:
        ledger = up.part("ledger")
        up.process.kill()
        await up.end()
    code, _ = await portfolio("down", "--data", str(state))
    assert code == 0
    assert not ledger.runs()
    await waiting.until(lambda: left_over(state) == [], "nothing is left running")


async def test_everything_killed_at_once_is_recovered_by_the_next_up(state: Path):
    """A power failure, as far as processes can tell."""
    async with commands.up(state) as up:
        for pid in (up.process.pid, *(up.part(name).pid for name in PARTS)):
            with contextlib.suppress(ProcessLookupError):  # it was quicker to end with its parent
                os.kill(pid, signal.SIGKILL)
        await up.end()
    async with commands.up(state):
        assert (await portfolio("status", "--data", str(state)))[0] == 0
