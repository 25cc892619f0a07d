"""`portfolio publish`: from the files that were named to the exit code."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portfolio_deploy.errors import CommandError, Interrupted
from portfolio_deploy.publishing import page, progress
from portfolio_deploy.publishing.files import STANDARD_INPUT, File
from portfolio_deploy.publishing.ledger import Ledger
from portfolio_deploy.publishing.tally import ErrorsFile, Tally
from portfolio_deploy.publishing.unfinished import Notes
from portfolio_deploy.publishing.uploading import Upload


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What was asked for. `notes` is the folder for what an interrupted upload leaves; None: nothing is remembered."""

    files: Sequence[str]
    address: str
    errors: str | None
    notes: Path | None
    patience_s: float
    as_json: bool


def publish(wanted: Wanted) -> int:
    """Publish, print the result, and return the exit code: 0, or 1 when something was not taken.

    Raises:
        CommandError: it was not done to its end; what was done has been printed.

    """
    files = [File(path) for path in wanted.files]
    for file in files:
        file.check()
    notes = None if wanted.notes is None else Notes(wanted.notes, wanted.address)
    known = notes is not None and any(file.path is not None and notes.read(file.path) for file in files)
    with ErrorsFile(wanted.errors, go_on=known) as errors:
        tally = Tally(errors=errors)
        ended = False
        try:
            asyncio.run(_upload(wanted, files, tally, notes))
            ended = True
        except KeyboardInterrupt:
            raise Interrupted(f"Interrupted. {_interrupted(wanted, tally)}") from None
        except CommandError as error:
            raise type(error)(f"{error} {_interrupted(wanted, tally)}") from error
        finally:
            with contextlib.suppress(BrokenPipeError):
                _print(wanted, tally, ended=ended)
    return 1 if tally.not_taken else 0


async def _upload(wanted: Wanted, files: Sequence[File], tally: Tally, notes: Notes | None) -> None:
    sizes = [file.size for file in files]
    size = sum(size or 0 for size in sizes) if None not in sizes else None
    with progress.choose(size) as audience:
        async with Ledger(wanted.address, patience_s=wanted.patience_s, hear=audience.hear) as ledger:
            await Upload(ledger, tally, audience, notes).publish(files)


def _print(wanted: Wanted, tally: Tally, *, ended: bool) -> None:
    if wanted.as_json:
        page.print_json(tally, wanted.address, ended=ended)
    else:
        page.print_text(tally, wanted.address, errors=wanted.errors)


def _interrupted(wanted: Wanted, tally: Tally) -> str:
    done = f"{tally.total:,} events have their verdicts."
    if STANDARD_INPUT in wanted.files:
        return f"{done} Publishing the same again is safe: what is recorded already is a duplicate."
    return f"{done} The same command goes on from there."
