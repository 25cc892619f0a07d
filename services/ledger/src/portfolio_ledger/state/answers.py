"""Answers: what an entry says to the submission that it answers, kept so that it can be said again."""

from typing import Any, cast

import msgspec

from portfolio_ledger.domain.decider import Original
from portfolio_schemas import codec, receipts
from portfolio_schemas.codec import Document, Json
from portfolio_schemas.entries import LEDGER_SOURCE, Entry
from portfolio_schemas.receipts import Verdict


class Answer(msgspec.Struct, frozen=True, gc=False):
    """An entry as far as it is needed to answer a submission, or the same event again.

    `digest` tells whether an event is the same one; `version` is the subject's after a recorded event, and its current one at a
    refusal; `refusal` holds code, detail and errors. `last_entry` is the number of the last consequence.
    """

    portfolio: str
    entry: int
    hash: str
    submission: str
    source: str
    id: str
    type: str
    subject: str
    digest: str
    version: int
    recordedtime: str
    flags: list[str]
    refusal: Document | None
    last_entry: int

    @property
    def recorded(self) -> bool:
        """Tell whether the entry is a recorded event; else it is a refusal."""
        return self.refusal is None

    @property
    def is_consequence(self) -> bool:
        """Tell whether the ledger itself stated the event; a refused claim to be the ledger is none."""
        return self.recorded and self.source == LEDGER_SOURCE

    @property
    def original(self) -> Original:
        """What a correction of this entry looks at."""
        return Original(self.subject, self.type.rpartition(".")[0])

    def reaching_to(self, last_entry: int) -> "Answer":
        """Return it with the number of the last consequence."""
        return msgspec.structs.replace(self, last_entry=last_entry)

    def receipt(self, verdict: Verdict | None = None) -> Document:
        """Return the receipt; `verdict` is `duplicate` where it is given again to another submission."""
        refusal = self.refusal or {}
        return receipts.receipt(
            verdict=verdict or ("recorded" if self.recorded else "refused"),
            submission=self.submission,
            portfolio=self.portfolio,
            source=self.source,
            id=self.id,
            subject=self.subject,
            entry=self.entry,
            last_entry=self.last_entry,
            version=self.version,
            hash=self.hash,
            recordedtime=self.recordedtime,
            flags=self.flags,
            code=cast("str | None", refusal.get("code")),
            detail=cast("str | None", refusal.get("detail")),
            errors=refusal.get("errors"),
        )


def of(entry: Entry) -> Answer:
    """Return the answer that an entry of the log gives."""
    refusal = entry.refusal
    if refusal is not None:
        return of_refusal(entry, refusal)
    body = cast("dict[str, Any]", entry.event)
    return Answer(
        portfolio=entry.portfolio,
        entry=entry.entry,
        hash=entry.hash,
        submission=entry.submission,
        source=body["source"],
        id=body["id"],
        type=body["type"],
        subject=body["subject"],
        digest=codec.digest(body),
        version=cast("int", entry.version),
        recordedtime=entry.recordedtime,
        flags=entry.flags,
        refusal=None,
        last_entry=entry.entry,
    )


def of_refusal(entry: Entry, refusal: Document) -> Answer:
    """Return the answer that an entry gives with its refusal."""
    body = cast("dict[str, Any]", refusal)
    return Answer(
        portfolio=entry.portfolio,
        entry=entry.entry,
        hash=entry.hash,
        submission=entry.submission,
        source=body["source"],
        id=body["id"],
        type=body["type"],
        subject=body["subject"],
        digest=body["digest"],
        version=body["version"],
        recordedtime=entry.recordedtime,
        flags=[],
        refusal={name: cast("Json", body[name]) for name in ("code", "detail", "errors")},
        last_entry=entry.entry,
    )


def read(entry: Entry) -> Answer:
    """Return the answer that an entry gives which somebody else may have written.

    Raises:
        Unanswerable: when it is not what a ledger writes, and cannot be stored.

    """
    try:
        answer = of(entry)
        texts = (answer.source, answer.id, answer.type, answer.subject, answer.digest, *answer.flags)
        said = b"" if answer.refusal is None else codec.canonical(answer.refusal)
    except (KeyError, TypeError, ValueError) as error:
        raise Unanswerable(f"it is not what a ledger writes: {type(error).__name__}: {error}") from None
    if not all(type(text) is str and "\x00" not in text for text in texts) or b"\\u0000" in said:
        raise Unanswerable("it is not what a ledger writes: a text is none, or holds a NUL")
    if type(answer.version) is not int or not 0 <= answer.version <= codec.INTEGER_MAX:
        raise Unanswerable("it is not what a ledger writes: it has no version")
    return answer


class Unanswerable(ValueError):
    """An entry that links, and yet was written by no ledger."""


def is_consequence(entry: Entry) -> bool:
    """Tell whether the ledger itself stated the event, as the consequence of another."""
    event = entry.event
    return event is not None and event["source"] == LEDGER_SOURCE
