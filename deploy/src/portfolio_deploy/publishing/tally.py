"""What became of the events: counts, and those that were not taken, with their places."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import IO, Any, cast

from portfolio_deploy.errors import WrongUse
from portfolio_deploy.publishing.events import NoEvent, Outgoing
from portfolio_schemas.codec import Document

VERDICTS = ("recorded", "duplicate", "refused", "quarantined")
TAKEN = ("recorded", "duplicate")
FLAGGED = "flagged"
LISTED_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """An event that was refused, or a piece that is no event: where it stands, and why."""

    file: str
    line: int
    verdict: str
    code: str
    detail: str
    errors: list[Any]
    portfolio: str | None = None
    subject: str | None = None
    entry: int | None = None
    source: str | None = None
    id: str | None = None


@dataclass(kw_only=True)
class Tally:
    """Counts by verdict (and of what was flagged), the first of those not taken, and a file for all of them, if one was named."""

    counts: Counter[str] = field(default_factory=Counter[str])
    listed: list[NotTaken] = field(default_factory=list[NotTaken])
    errors: IO[str] | None = None

    @property
    def total(self) -> int:
        """How many have their verdict."""
        return sum(self.counts[verdict] for verdict in VERDICTS)

    @property
    def not_taken(self) -> int:
        """How many were refused or quarantined."""
        return self.total - sum(self.counts[verdict] for verdict in TAKEN)

    def judged(self, event: Outgoing, receipt: Document) -> Sequence[str]:
        """Count an event by its receipt, and return what it was counted as."""
        verdict = cast("str", receipt["verdict"])
        outcome = (verdict, FLAGGED) if verdict == "recorded" and receipt["flags"] else (verdict,)
        self.counts.update(outcome)
        if verdict not in TAKEN:
            self._list(_refused(event, receipt), event.raw)
        return outcome

    def no_event(self, piece: NoEvent) -> Sequence[str]:
        """Count a piece that was not sent: it is quarantined where it stands."""
        outcome = ("quarantined",)
        self.counts.update(outcome)
        place = piece.place
        told = NotTaken(
            file=place.file, line=place.line, verdict="quarantined", code=piece.code, detail=piece.detail, errors=piece.errors
        )
        self._list(told, piece.raw)
        return outcome

    def _list(self, told: NotTaken, raw: bytes) -> None:
        if len(self.listed) < LISTED_MAX:
            self.listed.append(told)
        if self.errors is not None:
            line = json.dumps({**asdict(told), "text": raw.decode("utf-8", "replace")}, ensure_ascii=False)
            self.errors.write(f"{line}\n")


class ErrorsFile:
    """The file for all that was not taken, if one was named; opened before anything is sent. `go_on`: keep what is in it."""

    def __init__(self, path: str | None, *, go_on: bool) -> None:
        self._path = path
        self._mode = "a" if go_on else "w"
        self._file: IO[str] | None = None

    def __enter__(self) -> IO[str] | None:
        if self._path is not None:
            try:
                self._file = open(self._path, self._mode, encoding="utf-8", buffering=1)  # noqa: PTH123  closed below
            except OSError as error:
                raise WrongUse(f"{self._path} cannot be written: {error.strerror}.") from error
        return self._file

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()


def _refused(event: Outgoing, receipt: Document) -> NotTaken:
    said = cast("dict[str, Any]", receipt)
    return NotTaken(
        file=event.place.file,
        line=event.place.line,
        verdict=said["verdict"],
        code=said["code"],
        detail=said["detail"],
        errors=said["errors"],
        portfolio=said["portfolio"],
        subject=said["subject"],
        entry=said["entry"],
        source=said["source"],
        id=said["id"],
    )
