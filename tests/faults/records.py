"""What the checker looks at: what clients sent and were told, what readers saw, what PostgreSQL held, what was done to it all.

The client's history is written line by line, a sending before it is sent, so that it is whole whatever happens to anything.
"""

import dataclasses
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

Document = dict[str, Any]
Event = tuple[str, str, str]
"""An event by its portfolio, source and id."""

FINAL = ("recorded", "duplicate", "refused", "quarantined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An event that a client is about to send, perhaps again. `at` is in seconds of the monotonic clock, as everywhere here."""

    at: float
    door: str
    portfolio: str
    source: str
    id: str
    subject: str
    digest: str
    expected: int | None = None

    @property
    def event(self) -> Event:
        """The event that it is."""
        return (self.portfolio, self.source, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a client was told of an event: a receipt's verdict, or `unknown` with what it got instead."""

    at: float
    door: str
    portfolio: str
    source: str
    id: str
    verdict: str
    submission: str | None = None
    entry: int | None = None
    last_entry: int | None = None
    hash: str | None = None
    detail: str = ""

    @property
    def event(self) -> Event:
        """The event that it is about."""
        return (self.portfolio, self.source, self.id)

    @property
    def acknowledged(self) -> bool:
        """Whether it says that the event is in the log."""
        return self.verdict in ("recorded", "duplicate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a reader saw of a portfolio: the entry that an answer, or an element of a stream, reflects."""

    at: float
    observer: str
    portfolio: str
    entry: int
    min_entry: int = -1
    stream: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What PostgreSQL held of a portfolio in one snapshot: positions and heads by read model, and the rows themselves.

    `positions` are next offsets, `heads` entry and hash, `hashes` one digest over the hashes of all entries, in order.
    """

    at: float
    portfolio: str
    positions: dict[str, int]
    heads: dict[str, tuple[int, str]]
    entries: int
    hashes: str
    items: dict[str, list[Any]]
    order: dict[str, list[str]]
    moves: list[list[Any]]
    open_items: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that was done to the system, from when to when."""

    kind: str
    began: float
    ended: float


@dataclass(slots=True)
class History:
    """All that was noted. With a file, everything is written to it at once."""

    file: IO[str] | None = None
    sent: list[Sent] = field(default_factory=list[Sent])
    answered: list[Answered] = field(default_factory=list[Answered])
    seen: list[Seen] = field(default_factory=list[Seen])
    samples: list[Sample] = field(default_factory=list[Sample])
    faults: list[Fault] = field(default_factory=list[Fault])
    failed_reads: list[str] = field(default_factory=list[str])

    @classmethod
    def to(cls, path: Path) -> "History":
        """Begin a history that is written to a file, line by line."""
        return cls(path.open("a", buffering=1, encoding="utf-8"))

    def note(self, what: Sent | Answered | Seen | Sample | Fault) -> None:
        """Keep something, and write it."""
        match what:
            case Sent():
                self.sent.append(what)
            case Answered():
                self.answered.append(what)
            case Seen():
                self.seen.append(what)
            case Sample():
                self.samples.append(what)
            case Fault():
                self.faults.append(what)
        if self.file is not None:
            self.file.write(json.dumps({"what": type(what).__name__, **dataclasses.asdict(what)}) + "\n")

    def send(self, event: Mapping[str, Any], door: str) -> None:
        """Note that an event is about to be sent."""
        self.note(
            Sent(
                at=time.monotonic(),
                door=door,
                portfolio=event["portfolio"],
                source=event["source"],
                id=event["id"],
                subject=event["subject"],
                digest=digest(event),
                expected=event.get("expectedversion"),
            )
        )

    def hear(self, event: Mapping[str, Any], door: str, receipt: Mapping[str, Any]) -> Answered:
        """Note a receipt for an event."""
        told = Answered(
            at=time.monotonic(),
            door=door,
            portfolio=event["portfolio"],
            source=event["source"],
            id=event["id"],
            verdict=receipt["verdict"],
            submission=receipt.get("submission"),
            entry=receipt.get("entry"),
            last_entry=receipt.get("last_entry"),
            hash=receipt.get("hash"),
            detail=receipt.get("code") or "",
        )
        self.note(told)
        return told

    def hear_nothing(self, event: Mapping[str, Any], door: str, why: str) -> None:
        """Note that the outcome of an event is unknown."""
        self.note(
            Answered(
                at=time.monotonic(),
                door=door,
                portfolio=event["portfolio"],
                source=event["source"],
                id=event["id"],
                verdict="unknown",
                detail=why,
            )
        )


def digest(event: Mapping[str, Any]) -> str:
    """Return what tells two contents of one id apart: SHA-256 of what the publisher set, without `expectedversion`."""
    content = {name: value for name, value in event.items() if name != "expectedversion"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
