"""One upload: files are read, sent in order, counted; what is interrupted goes on where it was."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Protocol, cast

from portfolio_deploy.errors import CommandError
from portfolio_deploy.publishing import events, lanes
from portfolio_deploy.publishing.events import NoEvent, Outgoing, Place
from portfolio_deploy.publishing.feed import Feed
from portfolio_deploy.publishing.files import File
from portfolio_deploy.publishing.lanes import Lanes
from portfolio_deploy.publishing.ledger import Ledger, Receipt
from portfolio_deploy.publishing.tally import TAKEN, Tally
from portfolio_deploy.publishing.unfinished import Note, Notes
from portfolio_deploy.publishing.watermark import Watermark

AHEAD_EVENTS_MAX = 1000
_NOTE_SECONDS = 1.0


class Audience(Protocol):
    """Somebody who is told how it goes."""

    def told(self, tally: Tally, position: int) -> None:
        """Hear of the counts so far, and how many bytes of the files are done."""
        ...

    def resumed(self, file: str, events: int) -> None:
        """Hear that so many events of a file have had their verdict in an earlier attempt."""
        ...


class Upload:
    """Publishes files to a ledger, one after the other."""

    def __init__(self, ledger: Ledger, tally: Tally, audience: Audience, notes: Notes | None) -> None:
        self._ledger = ledger
        self._tally = tally
        self._audience = audience
        self._notes = notes
        self._bytes_before = 0
        self._witness: Receipt | None = None
        self._noted = 0.0

    async def publish(self, files: Sequence[File]) -> None:
        """Publish files to their ends.

        Raises:
            CommandError: the ledger does not take it, or a file is damaged. What has its verdict is counted, and remembered.

        """
        for file in files:
            await self._publish(file)
            self._bytes_before += file.size or 0
        for file in files:
            if self._notes is not None and file.path is not None:
                self._notes.forget(file.path)

    async def _publish(self, file: File) -> None:
        mark = await self._begin(file)

        async def send(batch: Sequence[Outgoing]) -> None:
            receipts = await self._ledger.submit([event.raw for event in batch])
            for event, receipt in zip(batch, receipts, strict=True):
                mark.end(event.place, self._tally.judged(event, receipt))
            self._witness = next((one for one in reversed(receipts) if one["verdict"] in TAKEN), self._witness)
            self._tell(file, mark)

        damage = None
        try:
            async with lanes.running(send) as lane:
                try:
                    await self._read(file, lane, mark)
                except CommandError as error:  # what stands before the damage is published all the same
                    damage = error
        finally:
            self._remember(file, mark)
        if damage is not None:
            raise damage

    async def _read(self, file: File, lane: Lanes, mark: Watermark) -> None:
        feed = Feed(_pieces(file, mark.done), ahead_max=AHEAD_EVENTS_MAX)
        async with contextlib.aclosing(feed.bunches()) as bunches:
            async for bunch in bunches:
                for piece in bunch:
                    mark.begin(piece.place)
                    if isinstance(piece, Outgoing):
                        await lane.put(piece)
                    else:
                        mark.end(piece.place, self._tally.no_event(piece))
                lane.go()
                self._tell(file, mark)

    def _tell(self, file: File, mark: Watermark) -> None:
        self._audience.told(self._tally, self._bytes_before + (mark.done.position if mark.done else 0))
        if time.monotonic() - self._noted > _NOTE_SECONDS:
            self._remember(file, mark)

    def _remember(self, file: File, mark: Watermark) -> None:
        self._noted = time.monotonic()
        if self._notes is None or file.path is None or mark.done is None or self._witness is None:
            return
        witness = cast("dict[str, str]", self._witness)
        names = (witness["portfolio"], witness["source"], witness["id"])
        note = Note(place=mark.done, counts=dict(mark.counts), witness=names, hash=witness["hash"])
        self._notes.write(file.path, note)

    async def _begin(self, file: File) -> Watermark:
        """Begin a file after the place where an earlier attempt was, if this is that file and that ledger."""
        note = self._notes.read(file.path) if self._notes is not None and file.path is not None else None
        if note is None or not _holds(file, note.place):
            return Watermark(None, {})
        receipt = await self._ledger.find(*note.witness)
        if receipt is None or receipt["hash"] != note.hash:
            return Watermark(None, {})
        self._tally.counts.update(note.counts)
        self._witness = receipt
        self._audience.resumed(file.name, note.place.number)
        return Watermark(note.place, note.counts)


def _pieces(file: File, done: Place | None) -> Iterator[Outgoing | NoEvent]:
    """Read a file from the first piece after a place."""
    place: Place | None = None
    for piece in file.read():
        place = events.after(piece, file.name, place)
        if done is None or place.number > done.number:
            yield events.read(piece.raw, place)


def _holds(file: File, done: Place) -> bool:
    """Tell whether a file begins as it did when the place was noted."""
    place: Place | None = None
    for piece in file.read():
        place = events.after(piece, file.name, place)
        if place.number == done.number:
            return place.digest == done.digest
    return False
