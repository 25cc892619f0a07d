"""A draft: the next append of a partition as it grows, submission by submission. Pure; nothing counts before it is in the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Accepted, Consequence, Fact, Original, Refused, State
from portfolio_ledger.judging import refusals
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state import answers, facts, folding
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Changes, Subject
from portfolio_schemas import codes, entries
from portfolio_schemas.codec import Document, Json
from portfolio_schemas.entries import LEDGER_SOURCE, Entry
from portfolio_schemas.events import Event as Body
from portfolio_schemas.follow import Head
from portfolio_schemas.receipts import Verdict

_RECORD_SIZE = 70
"""Bytes that a record adds to its key and value in a batch, generously."""


class View(Protocol):
    """What is known of the log before the draft."""

    def head(self, portfolio: str) -> Head:
        """Return the last entry of a portfolio."""
        ...

    def recordedtime(self, portfolio: str) -> str:
        """Return that of the last entry; empty before the first."""
        ...

    def subject(self, portfolio: str, key: str) -> Subject | None:
        """Return a subject; None when it has to be looked up."""
        ...

    def recorded(self, portfolio: str, source: str, id_: str) -> Answer | None:
        """Return the entry that recorded an event."""
        ...

    def answer_to(self, portfolio: str, submission: str, digest: str) -> Answer | None:
        """Return the entry that answers a submission."""
        ...

    def entry(self, portfolio: str, entry: int) -> Answer | None:
        """Return an entry by its number."""
        ...


class Full(Exception):
    """What the submission adds does not fit into this append: append first, then judge it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a submission, true once the draft is in the log."""

    submission: Submission
    verdict: Verdict
    answer: Answer
    failure: BaseException | None = None

    @property
    def code(self) -> str | None:
        """Why it was refused."""
        return None if self.answer.refusal is None else cast("str", self.answer.refusal["code"])

    def receipt(self) -> Document:
        """Return what the publisher is told."""
        return self.answer.receipt("duplicate" if self.verdict == "duplicate" else None)


class Draft:
    """One append of a partition: entries of one or several portfolios, and what they change.

    Args:
        view: what is known before it.
        now: the clock, read once for the draft; also what the FUTURE rule compares with.
        salts: 32 hex digits of randomness for each entry.
        size_max: bytes that an append may have.

    """

    def __init__(self, view: View, *, now: datetime, salts: Iterator[str], size_max: int) -> None:
        self.entries: list[Entry] = []
        self.changes = Changes()
        self._view = view
        self._now = now
        self._recordedtime = entries.format_time(now)
        self._salts = salts
        self._size_left = size_max
        self._size_max = size_max
        self._heads: dict[str, Head] = {}

    def judge(self, submission: Submission) -> Judged:
        """Judge a submission and add what is news.

        Raises:
            folding.NotLoaded: when subjects have to be looked up first.
            Full: when what it adds does not fit any more.

        """
        event = submission.event
        asked = event.portfolio, submission.name, submission.digest
        known = self.changes.answer_to(*asked) or self._view.answer_to(*asked)
        if known is not None:
            return Judged(submission, "recorded" if known.recorded else "refused", known)
        asked = event.portfolio, event.source, event.id
        same = self.changes.recorded(*asked) or self._view.recorded(*asked)
        if same is not None:
            if same.digest == submission.digest:
                return Judged(submission, "duplicate", same)
            return self._refuse(submission, refusals.conflicting_id(same))
        body = submission.body if isinstance(submission.body, Refused) else self._check(submission)
        if isinstance(body, Refused):
            return self._refuse(submission, body)
        try:
            return self._decide(submission, body)
        except (folding.NotLoaded, Full):
            raise
        except Exception as failure:  # noqa: BLE001  a rule that fails refuses this submission alone; the judge tells the operator
            return self._refuse(submission, Refused(codes.INTERNAL, codes.INTERNAL.meaning), failure)

    def _check(self, submission: Submission) -> Body | Refused:
        """Check what every type has in common and needs state."""
        event = submission.event
        if event.expectedversion is not None:
            version = self._version(submission)
            if event.expectedversion != version:
                return refusals.conflicting_version(event.expectedversion, version)
        return cast("Body", submission.body)

    def _decide(self, submission: Submission, body: Body) -> Judged:
        event = submission.event
        number = self._head(event.portfolio).entry + 1
        fact = facts.of_event(event, body, number, original=self._original(submission))
        states = folding.states_for(fact, self._subject)
        decision = domain.decide(fact, states, self._now)
        if isinstance(decision, Refused):
            return self._refuse(submission, decision)
        return self._record(submission, fact, states, decision)

    def _original(self, submission: Submission) -> Original | None:
        """Return what a correction corrects, None where its entry recorded nothing."""
        event = submission.event
        if event.corrects is None:
            return None
        answer = self.changes.entry(event.portfolio, event.corrects) or self._view.entry(event.portfolio, event.corrects)
        return answer.original if answer is not None and answer.recorded else None

    def _record(self, submission: Submission, fact: Fact, states: dict[str, State | None], accepted: Accepted) -> Judged:
        addition = _Addition(self, submission)
        addition.record(fact, states, submission.event.document, submission.digest, [flag.name for flag in accepted.flags])
        for n, consequence in enumerate(accepted.consequences, start=1):
            number = fact.entry + n
            following = _fact_of(fact, consequence, number)
            document = _consequence(submission.event.document, consequence, f"{fact.entry}.{n}", cause=fact.entry)
            addition.record(following, folding.states_for(following, addition.subject), document, None, [])
        if not self._take(addition):
            return self._refuse(submission, Refused(codes.SET_TOO_LARGE, codes.SET_TOO_LARGE.meaning))
        return Judged(submission, "recorded", cast("Answer", self.changes.entry(fact.portfolio, fact.entry)))

    def _refuse(self, submission: Submission, refused: Refused, failure: BaseException | None = None) -> Judged:
        addition = _Addition(self, submission)
        addition.refuse(refused, self._version(submission))
        self._take(addition)
        return Judged(submission, "refused", addition.changes.answers[0], failure)

    def _take(self, addition: "_Addition") -> bool:
        """Take an addition over; return False when it can never fit.

        Raises:
            Full: when it does not fit into this append, but may into the next.

        """
        if addition.size > self._size_left:
            if addition.size > self._size_max:
                return False
            raise Full
        self._size_left -= addition.size
        self.entries += addition.entries
        self.changes.lay_over(addition.changes)
        last = addition.entries[-1]
        self._heads[last.portfolio] = Head(last.entry, last.hash)
        return True

    def _version(self, submission: Submission) -> int:
        subject = self._subject(submission.event.portfolio, submission.event.subject)
        if subject is None:
            raise folding.NotLoaded([submission.event.subject])
        return subject.version

    def _head(self, portfolio: str) -> Head:
        return self._heads.get(portfolio) or self._view.head(portfolio)

    def _subject(self, portfolio: str, key: str) -> Subject | None:
        return self.changes.subjects.get((portfolio, key)) or self._view.subject(portfolio, key)

    def new_entry(self, head: Head, submission: Submission, said: Document) -> Entry:
        """Build the entry after a head."""
        portfolio = submission.event.portfolio
        document: Document = {
            "append": self._view.head(portfolio).entry + 1,
            "door": submission.door,
            "entry": head.entry + 1,
            "portfolio": portfolio,
            "previous": head.hash,
            "recordedtime": max(self._recordedtime, self._view.recordedtime(portfolio)),
            "salt": next(self._salts),
            "submission": submission.name,
            **said,
        }
        return entries.build(document)

    def head_of(self, portfolio: str) -> Head:
        """Return the head of a portfolio as this draft leaves it."""
        return self._head(portfolio)

    def subject_of(self, portfolio: str, key: str) -> Subject | None:
        """Return a subject as this draft leaves it."""
        return self._subject(portfolio, key)


class _Addition:
    """What one submission adds: its entry and those of its consequences, taken over together or not at all."""

    def __init__(self, draft: Draft, submission: Submission) -> None:
        self.entries: list[Entry] = []
        self.changes = Changes()
        self.size = 0
        self._draft = draft
        self._submission = submission
        self._head = draft.head_of(submission.event.portfolio)

    def record(
        self, fact: Fact, states: dict[str, State | None], document: Document, digest: str | None, flags: list[str]
    ) -> None:
        version = folding.apply(fact, states, self.changes, self.subject)
        self._add({"event": document, "flags": list[Json](flags), "version": version}, digest)

    def refuse(self, refused: Refused, version: int) -> None:
        self._add({"refusal": refusals.body(self._submission, refused, version)}, self._submission.digest)

    def subject(self, portfolio: str, key: str) -> Subject | None:
        return self.changes.subjects.get((portfolio, key)) or self._draft.subject_of(portfolio, key)

    def _add(self, said: Document, digest: str | None) -> None:
        entry = self._draft.new_entry(self._head, self._submission, said)
        self._head = Head(entry.entry, entry.hash)
        self.entries.append(entry)
        self.changes.add(answers.of(entry, digest))
        self.size += len(entry.value) + len(entry.portfolio) + _RECORD_SIZE


def _fact_of(cause: Fact, consequence: Consequence, number: int) -> Fact:
    return Fact(cause.portfolio, consequence.subject, cause.time, cause.actor, consequence.reason, None, number, consequence.data)


def _consequence(cause_document: Document, consequence: Consequence, id_: str, *, cause: int) -> Document:
    """Return a consequence as an event: stated by the ledger, at the time and by the actor of its cause."""
    why: Document = {} if consequence.reason is None else {"reason": consequence.reason}
    return {
        "specversion": "1.0",
        "id": id_,
        "source": LEDGER_SOURCE,
        "type": consequence.data.event_type.name,
        "subject": consequence.subject,
        "time": cause_document["time"],
        "portfolio": cause_document["portfolio"],
        "actor": cause_document["actor"],
        "causationid": cause,
        "data": consequence.data.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        **why,
    }
