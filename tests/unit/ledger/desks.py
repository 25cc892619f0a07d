"""A desk: drafts judged against a log in memory, one append after another, as a judge would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, cast

from portfolio_ledger.judging import submissions
from portfolio_ledger.judging.drafts import Draft, Judged
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Changes, Subject
from portfolio_schemas import envelope, follow
from portfolio_schemas.codec import Document
from portfolio_schemas.entries import Entry
from portfolio_schemas.follow import Head
from portfolio_schemas.receipts import Submission as Name

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
OPENED = "portfolio.portfolio.portfolio-opened.v1"
CONCEIVED = "portfolio.product.product-conceived.v1"
REPORTED = "portfolio.item.item-status-reported.v1"
DROPPED = "portfolio.item.item-dropped.v1"
ADDED = "portfolio.item.item-added.v1"


def event(type_: str = OPENED, subject: str = "portfolio/acme", **attributes: Any) -> Document:  # noqa: ANN401  attributes are as they come
    """An event of a publisher; without a type it opens the portfolio `acme`."""
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": "1",
        "source": "/test",
        "type": type_,
        "subject": subject,
        "time": "2026-05-01T09:00:00Z",
        "portfolio": "acme",
        "actor": "ann",
        "data": {"name": "Acme", "currency": "EUR"} if type_ == OPENED else {},
    }
    return {**document, **attributes}


def submission(document: Document, name: str = "0-0-0", *, forwarded: bool = False) -> Submission:
    """A submission of an event."""
    place = None if forwarded else Name.read(name)
    at = None if place is None else (place.offset, place.index)
    return submissions.submission(name, envelope.read_event(document), place=at, door="kafka")


@dataclass
class Desk:
    """A log in memory. What is not there counts as looked up and not found."""

    entries: list[Entry] = field(default_factory=list[Entry])
    changes: Changes = field(default_factory=Changes)
    now: datetime = NOW
    size_max: int = 8_000_000
    _names: Iterator[int] = field(default_factory=count)

    def head(self, portfolio: str) -> Head:
        """The last entry of a portfolio."""
        last = self._last(portfolio)
        return Head(last.entry, last.hash) if last else follow.EMPTY_HEAD

    def recordedtime(self, portfolio: str) -> str:
        """That of the last entry."""
        last = self._last(portfolio)
        return last.recordedtime if last else ""

    def _last(self, portfolio: str) -> Entry | None:
        return next((entry for entry in reversed(self.entries) if entry.portfolio == portfolio), None)

    def subject(self, portfolio: str, key: str) -> Subject | None:
        """A subject, new when nothing is known of it."""
        return self.changes.subjects.get((portfolio, key), Subject())

    def recorded(self, portfolio: str, source: str, id_: str) -> Answer | None:
        """The entry that recorded an event."""
        return self.changes.recorded(portfolio, source, id_)

    def answer_to(self, portfolio: str, submission: str, digest: str) -> Answer | None:
        """The entry that answers a submission."""
        return self.changes.answer_to(portfolio, submission, digest)

    def entry(self, portfolio: str, entry: int) -> Answer | None:
        """An entry by its number."""
        return self.changes.entry(portfolio, entry)

    def draft(self) -> Draft:
        """A draft after what the log holds."""
        return Draft(self, now=self.now, salts=(f"{n:032x}" for n in count()), size_max=self.size_max)

    def append(self, draft: Draft) -> None:
        """Take a draft into the log."""
        self.entries += draft.entries
        self.changes.lay_over(draft.changes)

    def judge(self, *documents: Document) -> list[Judged]:
        """Judge events in one append, each under a name of its own."""
        draft = self.draft()
        judged = [draft.judge(submission(document, f"0-{next(self._names)}-0")) for document in documents]
        self.append(draft)
        return judged


def codes(judged: list[Judged]) -> list[str | None]:
    """Why submissions were refused; None for those that were not."""
    return [one.code for one in judged]


def verdicts(judged: list[Judged]) -> list[str]:
    """The verdicts."""
    return [one.verdict for one in judged]


def refusal(judged: Judged) -> dict[str, Any]:
    """What the log says of a refusal."""
    return cast("dict[str, Any]", judged.answer.refusal)
