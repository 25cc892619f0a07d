"""`portfolio up` loads the demo portfolio into an empty ledger, once, whatever interrupts it."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from portfolio_deploy.local.state_directory import StateDirectory
from tests import waiting

LIMIT_S = 300


async def up(state: Path, until: Callable[[str], bool], *options: str) -> str:
    """Run the real system until a condition on what it has printed holds, press Ctrl-C, and return what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "portfolio_deploy", "up", "--data", str(state), *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    printed = bytearray()

    async def read(stream: asyncio.StreamReader) -> None:
        while part := await stream.read(1000):
            printed.extend(part)

    reading = asyncio.create_task(read(process.stdout))
    try:
        await waiting.until(
            lambda: process.returncode is not None or until(printed.decode()), "the system is that far", limit_s=LIMIT_S
        )
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), LIMIT_S)
        await reading
    assert process.returncode == 0, printed.decode()
    return printed.decode()


def is_up(printed: str) -> bool:
    """The system has said that it is ready."""
    return "A first thing to do" in printed


def is_loading(directory: StateDirectory) -> bool:
    """The stack has noted that the story is written down and on its way."""
    record = directory.record()
    return record is not None and record.demo == "loading"


async def test_the_demo_is_loaded_once_whatever_interrupts_it(state: Path):
    """Stopped in the middle of it, the next start goes on with the same story; the one after that has nothing to load."""
    directory = StateDirectory(state)
    story = directory.demo / "events.jsonl"
    first = await up(state, lambda _printed: is_loading(directory))
    assert "The demo portfolio is loaded" not in first
    events = story.read_bytes()

    second = await up(state, lambda printed: "The demo portfolio" in printed)
    assert f"The demo portfolio is loaded ({len(events.splitlines()):,} events in" in second
    assert second.index("A first thing to do") < second.index("The demo portfolio")  # it kept nobody waiting
    assert story.read_bytes() == events

    third = await up(state, is_up)
    assert "The demo portfolio" not in third


async def test_a_fresh_start_may_leave_it_out(state: Path):
    """With --fresh nothing of the demo is left, and with --no-demo nothing of it comes back."""
    await up(state, is_up, "--fresh", "--no-demo")
    record = StateDirectory(state).record()
    assert record is not None
    assert record.demo is None
    assert not StateDirectory(state).demo.exists()
