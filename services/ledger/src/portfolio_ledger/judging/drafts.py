"""A draft: the next append of a partition as it grows, submission by submission. Pure; nothing counts before it is in the log."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Protocol, cast

import msgspec
from msgspec import UNSET, Raw

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Accepted, Consequence, Fact, Original, Refused
from portfolio_ledger.judging import receipt_texts, refusals
from portfolio_ledger.judging.entry_texts import EntryText
from portfolio_ledger.judging.receipt_texts import Told
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state import answers, facts, folding
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Changes, Subject, SubjectKey
from portfolio_ledger.state.folding import Sight, SubjectOf
from portfolio_schemas import codec, codes, entries
from portfolio_schemas.codec import Document
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


class Judged(msgspec.Struct, frozen=True):
    """The verdict on a submission, true once the draft is in the log."""

    submission: Submission
    verdict: Verdict
    answer: Answer
    failure: BaseException | None = None

    @property
    def code(self) -> str | None:
        """Why it was refused."""
        return None if self.answer.refusal is None else cast("str", self.answer.refusal["code"])

    def told(self) -> Told:
        """Return what the publisher is told."""
        return receipt_texts.of_answer(self.answer, self.verdict)


class Draft:
    """One append of a partition: entries of one or several portfolios, and what they change.

    `judged` is the highest place in this partition's intake of what it holds. `subject` returns a subject as the draft leaves it.

    Args:
        view: what is known before it.
        now: the clock, read once for the draft; also what the FUTURE rule compares with.
        salts: 32 hex digits of randomness for each entry.
        size_max: bytes that an append may have.

    """

    def __init__(self, view: View, *, now: datetime, salts: Iterator[str], size_max: int) -> None:
        self.entries: list[Entry] = []
        self.changes = Changes()
        self.judged = (-1, -1)
        self.subject: SubjectOf = partial(_subject_of, self.changes, view)
        self._view = view
        self._now = now
        self._recordedtime = entries.format_time(now)
        self._salts = salts
        self._size_left = size_max
        self._size_max = size_max
        self._opened: dict[str, _Opened] = {}

    def judge(self, submission: Submission) -> Judged:
        """Judge a submission and add what is news.

        Raises:
            folding.NotLoaded: when subjects have to be looked up first.
            Full: when what it adds does not fit any more.

        """
        event, changes, view = submission.event, self.changes, self._view
        portfolio, name, digest = event.portfolio, submission.name, submission.digest
        known = changes.answer_to(portfolio, name, digest) or view.answer_to(portfolio, name, digest)
        if known is not None:
            return Judged(submission, "recorded" if known.recorded else "refused", known)
        source, id_ = event.source, event.id
        same = changes.recorded(portfolio, source, id_) or view.recorded(portfolio, source, id_)
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
        opened = self.opened(event.portfolio)
        original = None if event.corrects is None else self._original(event.portfolio, event.corrects)
        fact = facts.of_event(event, body, opened.head.entry + 1, original=original)
        decision = domain.decide(fact, opened.sight, self._now)
        if isinstance(decision, Refused):
            return self._refuse(submission, decision)
        return self._record(submission, fact, opened, decision)

    def _original(self, portfolio: str, corrects: int) -> Original | None:
        """Return what a correction corrects, None where its entry recorded nothing."""
        answer = self.changes.entry(portfolio, corrects) or self._view.entry(portfolio, corrects)
        return answer.original if answer is not None and answer.recorded else None

    def _record(self, submission: Submission, fact: Fact, opened: "_Opened", accepted: Accepted) -> Judged:
        addition = Addition(self, submission, opened, last_entry=fact.entry + len(accepted.consequences))
        addition.record(fact, [flag.name for flag in accepted.flags])
        for n, consequence in enumerate(accepted.consequences, start=1):
            addition.follow(_fact_of(fact, consequence, fact.entry + n), f"{fact.entry}.{n}", cause=fact.entry)
        if not self._take(addition):
            return self._refuse(submission, Refused(codes.SET_TOO_LARGE, codes.SET_TOO_LARGE.meaning))
        return Judged(submission, "recorded", addition.answers[0])

    def _refuse(self, submission: Submission, refused: Refused, failure: BaseException | None = None) -> Judged:
        addition = Addition(self, submission, self.opened(submission.event.portfolio))
        addition.refuse(refused, self._version(submission))
        self._take(addition)
        return Judged(submission, "refused", addition.answers[0], failure)

    def _take(self, addition: "Addition") -> bool:
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
        changes, opened = self.changes, addition.opened
        for answer in addition.answers:
            changes.add(answer)
        changes.subjects.update(addition.subjects)
        for (_, key), subject in addition.subjects.items():
            opened.sight.change(key, subject)
        opened.head = addition.head
        place = addition.submission.place
        if place is not None and place > self.judged:
            self.judged = place
        return True

    def _version(self, submission: Submission) -> int:
        return folding.known(submission.event.portfolio, submission.event.subject, self.subject).version

    def opened(self, portfolio: str) -> "_Opened":
        """Return a portfolio as this draft leaves it."""
        opened = self._opened.get(portfolio)
        if opened is None:
            recordedtime = max(self._recordedtime, self._view.recordedtime(portfolio))
            sight = Sight(portfolio, self.subject)
            opened = self._opened[portfolio] = _Opened(self._view.head(portfolio), recordedtime, sight)
        return opened

    def new_entry(self, addition: "Addition", event: "Recorded | None", refusal: bytes = b"") -> Entry:
        """Build the next entry of an addition: an event, or else a refusal."""
        head, opened, submission = addition.head, addition.opened, addition.submission
        return EntryText(
            append=opened.append,
            door=submission.door,
            entry=head.entry + 1,
            event=UNSET if event is None else Raw(event.text),
            flags=UNSET if event is None else event.flags,
            portfolio=submission.event.portfolio,
            previous=head.hash,
            recordedtime=opened.recordedtime,
            refusal=Raw(refusal) if event is None else UNSET,
            salt=next(self._salts),
            submission=submission.name,
            version=UNSET if event is None else event.version,
        ).written()


class _Opened:
    """A portfolio in a draft: the head that it has by now, its subjects as rules see them, and what all its new entries share."""

    __slots__ = ("append", "head", "recordedtime", "sight")

    def __init__(self, head: Head, recordedtime: str, sight: Sight) -> None:
        self.append = head.entry + 1
        self.head = head
        self.recordedtime = recordedtime
        self.sight = sight


def _subject_of(changes: Changes, view: View, portfolio: str, key: str) -> Subject | None:
    """Return a subject; None when it has to be looked up. No method: a draft that its states hold would outlive its append."""
    return changes.subjects.get((portfolio, key)) or view.subject(portfolio, key)


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event that is about to be recorded: who states it, in canonical form, with the version that it makes."""

    source: str
    id: str
    type: str
    subject: str
    text: bytes
    digest: str
    version: int
    flags: list[str]


class Addition:
    """What one submission adds: its entry and those of its consequences, taken over together or not at all.

    `last_entry` is the number of the last of them, where there are consequences.
    """

    __slots__ = ("_draft", "_last_entry", "answers", "entries", "head", "opened", "size", "subjects", "submission")

    def __init__(self, draft: Draft, submission: Submission, opened: _Opened, *, last_entry: int = -1) -> None:
        self.opened = opened
        self.submission = submission
        self.entries: list[Entry] = []
        self.answers: list[Answer] = []
        self.subjects: dict[SubjectKey, Subject] = {}
        self.size = 0
        self.head = opened.head
        self._draft = draft
        self._last_entry = last_entry

    def record(self, fact: Fact, flags: list[str]) -> None:
        """Add the event that was submitted."""
        one, event = self.submission, self.submission.event
        version = folding.apply(fact, self.opened.sight, self.subjects)
        self._add(Recorded(event.source, event.id, event.type, event.subject, one.text, one.digest, version, flags))

    def follow(self, fact: Fact, id_: str, *, cause: int) -> None:
        """Add a consequence, on the states as they are by then."""
        type_ = fact.data.event_type.name
        version = folding.apply(fact, Sight(fact.portfolio, self._subject), self.subjects)
        text = codec.canonical(_consequence(self.submission.event.document, fact, id_, cause=cause))
        self._add(Recorded(LEDGER_SOURCE, id_, type_, fact.subject, text, codec.digest_of(text), version, []))

    def refuse(self, refused: Refused, version: int) -> None:
        """Add the refusal of the event that was submitted."""
        body = refusals.body(self.submission, refused, version)
        entry = self._draft.new_entry(self, None, codec.canonical(body))
        self._take(entry, answers.of_refusal(entry, body))

    def _add(self, event: Recorded) -> None:
        entry = self._draft.new_entry(self, event)
        last_entry = entry.entry if self.answers else max(entry.entry, self._last_entry)
        self._take(
            entry,
            Answer(
                entry.portfolio,
                entry.entry,
                entry.hash,
                entry.submission,
                event.source,
                event.id,
                event.type,
                event.subject,
                event.digest,
                event.version,
                entry.recordedtime,
                event.flags,
                None,
                last_entry,
            ),
        )

    def _take(self, entry: Entry, answer: Answer) -> None:
        self.head = Head(entry.entry, entry.hash)
        self.entries.append(entry)
        self.answers.append(answer)
        self.size += len(entry.value) + len(entry.portfolio) + _RECORD_SIZE

    def _subject(self, portfolio: str, key: str) -> Subject | None:
        return self.subjects.get((portfolio, key)) or self._draft.subject(portfolio, key)


def _fact_of(cause: Fact, consequence: Consequence, number: int) -> Fact:
    return Fact(cause.portfolio, consequence.subject, cause.time, cause.actor, consequence.reason, None, number, consequence.data)


def _consequence(cause_document: Document, consequence: Fact, id_: str, *, cause: int) -> Document:
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
