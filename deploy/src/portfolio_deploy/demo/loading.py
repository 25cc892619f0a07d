# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""Loading the demo portfolio into a system whose log is empty: through the public door, beside everything else."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from aiokafka.errors import KafkaError

from portfolio_deploy.demo import story
from portfolio_deploy.errors import CommandError
from portfolio_deploy.local import services
from portfolio_deploy.local.local_stack import LocalStack
from portfolio_deploy.local.reports import Report
from portfolio_deploy.publishing.files import File
from portfolio_deploy.publishing.ledger import Ledger
from portfolio_deploy.publishing.tally import Tally
from portfolio_deploy.publishing.unfinished import Notes
from portfolio_deploy.publishing.uploading import Upload
from portfolio_log.kafka import KafkaLog
from portfolio_log.topics import Topics

PATIENCE_S = 600.0

Far = Literal["loading", "loaded"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the demo goes: the brokers whose log must be empty, the ledger's door, and a folder that outlives an interruption."""

    kafka: str
    ledger: str
    folder: Path

    @property
    def events(self) -> Path:
        """The story as it is loaded."""
        return self.folder / "events.jsonl"


class Memory(Protocol):
    """Remembers how far the demo was loaded, whatever ends the process."""

    def read(self) -> Far | None:
        """Return how far it is; None where nothing was ever begun."""
        ...

    def write(self, far: Far) -> None:
        """Remember how far it is."""
        ...


@dataclass(frozen=True)
class Marker:
    """Remembers it in a file of the folder itself."""

    folder: Path

    def read(self) -> Far | None:
        """Return how far it is."""
        path = self.folder / "far"
        return ("loaded" if path.read_text() == "loaded" else "loading") if path.exists() else None

    def write(self, far: Far) -> None:
        """Remember how far it is, whole or not at all."""
        partial = self.folder / "far.partial"
        partial.write_text(far)
        partial.replace(self.folder / "far")


@dataclass(frozen=True)
class _Record:
    """Remembers it in the record of a local stack."""

    stack: LocalStack

    def read(self) -> Far | None:
        """Return how far it is."""
        return self.stack.record.demo

    def write(self, far: Far) -> None:
        """Remember how far it is."""
        self.stack.record.demo = far
        self.stack.directory.save(self.stack.record)


class _Nobody:
    """An audience that is not there: the result is one line."""

    def told(self, tally: Tally, position: int) -> None:
        """Do nothing."""

    def resumed(self, file: str, events: int) -> None:
        """Do nothing."""


async def load(stack: LocalStack, report: Report) -> None:
    """Load it into a local stack, and say what came of it in one line."""
    ledger = str(stack.children["ledger"].program.address)
    target = Target(kafka=stack.kafka, ledger=ledger, folder=stack.directory.demo)
    await load_into(target, _Record(stack), report.say)


async def load_into(target: Target, memory: Memory, say: Callable[[str], None]) -> None:
    """Load it where the log is empty, or go on where a loading was interrupted, and say what came of it in one line.

    The story is written down first, so that what is interrupted goes on with the same story, whatever day it is by then. What
    goes wrong is said, and ends nothing else.
    """
    far = memory.read()
    if far == "loaded":
        return
    began = time.monotonic()
    try:
        if far is None:
            if not await _is_empty(target.kafka):
                return
            await asyncio.to_thread(_write, target.events)
            memory.write("loading")
        tally = Tally()
        async with Ledger(target.ledger, patience_s=PATIENCE_S, hear=lambda _why: None) as client:
            await Upload(client, tally, _Nobody(), Notes(target.folder, target.ledger)).publish([File(str(target.events))])
        memory.write("loaded")
    except (CommandError, KafkaError, OSError) as error:
        say(f"The demo portfolio is not complete; the next start goes on with it. {error}")
        return
    took = f"{tally.total:,} events in {time.monotonic() - began:.0f} s, {tally.not_taken} of them refused as the story wants it"
    say(f"The demo portfolio is loaded ({took}): portfolio show portfolio/{story.PORTFOLIO}")


async def _is_empty(bootstrap: str) -> bool:
    """Tell whether nothing was ever appended to the log."""
    async with KafkaLog(bootstrap, Topics().ledger.name, client_id="portfolio-demo") as log:
        bounds = [await log.bounds(partition) for partition in range(services.PARTITIONS)]
    return all(one.end == 0 for one in bounds)


def _write(path: Path) -> None:
    """Write the story whole or not at all."""
    told = story.tell(story.default_end(datetime.now(UTC).date()))
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.writelines(story.lines(told))
    partial.replace(path)
