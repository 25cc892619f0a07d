# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""Loading the demo portfolio into a local stack whose ledger is empty: through the public door, beside everything else."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

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


class _Nobody:
    """An audience that is not there: the result is one line."""

    def told(self, tally: Tally, position: int) -> None:
        """Do nothing."""

    def resumed(self, file: str, events: int) -> None:
        """Do nothing."""


async def load(stack: LocalStack, report: Report) -> None:
    """Load it where the log is empty, or go on where a loading was interrupted, and say what came of it in one line.

    The story is written into the state directory first, so that what is interrupted goes on with the same story, whatever day
    it is by then. What goes wrong is said, and ends nothing else.
    """
    record, path = stack.record, stack.directory.demo / "events.jsonl"
    if record.demo == "loaded":
        return
    ledger = str(stack.children["ledger"].program.address)
    began = time.monotonic()
    try:
        if record.demo is None:
            if not await _is_empty(stack.kafka):
                return
            await asyncio.to_thread(_write, path)
            record.demo = "loading"
            stack.directory.save(record)
        tally = Tally()
        async with Ledger(ledger, patience_s=PATIENCE_S, hear=lambda _why: None) as client:
            await Upload(client, tally, _Nobody(), Notes(path.parent, ledger)).publish([File(str(path))])
        record.demo = "loaded"
        stack.directory.save(record)
    except (CommandError, KafkaError, OSError) as error:
        report.say(f"The demo portfolio is not complete; the next start goes on with it. {error}")
        return
    took = f"{tally.total:,} events in {time.monotonic() - began:.0f} s, {tally.not_taken} of them refused as the story wants it"
    report.say(f"The demo portfolio is loaded ({took}): portfolio show portfolio/{story.PORTFOLIO}")


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
