"""Entries: the elements of the log. Built once, by a judge; read by everyone as the bytes that lie in the log.

An entry is `{entry, previous, append, recordedtime, salt, submission, door, portfolio}` with either `{event, version, flags}`
or `{refusal}`. A repair record, `{portfolio, repair}`, shares the topic and is not an entry.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple, cast

import pydantic_core

from portfolio_schemas.codec import Document, canonical
from portfolio_schemas.envelope import ID_LENGTH_MAX, is_id

EMPTY_HASH = "0" * 64
LEDGER_SOURCE = "/ledger"

Door = Literal["http", "kafka"]

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_RECORDEDTIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)
_LEAF = b"\x00"
_sha256 = hashlib.sha256


class Foreign(ValueError):
    """A record of the ledger topic that is no entry and no repair: `args[0]` says why."""


class Said(NamedTuple):
    """What an event or a refusal says of itself; `data` is its body as JSON text. What is missing is empty."""

    type: str = ""
    subject: str = ""
    time: str = ""
    actor: str = ""
    reason: str | None = None
    corrects: int | None = None
    data: bytes = b"null"


class Entry:
    """One element of the log, with its hash and the bytes it was read from or will be written as. Nobody changes one.

    `previous` links to the entry before it, `append` is the number of the first entry that entered the log together with it.
    `recorded` tells a recorded event from a refusal. `document` and `said` are made when somebody asks first, unless they are
    given: most readers need little of most entries.
    """

    __slots__ = (
        "_document", "_said", "append", "entry", "hash", "portfolio", "previous", "recorded", "recordedtime", "submission",
        "value",
    )  # fmt: skip

    def __init__(
        self,
        *,
        portfolio: str,
        entry: int,
        previous: str,
        append: int,
        recordedtime: str,
        submission: str,
        recorded: bool,
        value: bytes,
        said: Said | None = None,
        document: Document | None = None,
    ) -> None:
        self.portfolio = portfolio
        self.entry = entry
        self.previous = previous
        self.append = append
        self.recordedtime = recordedtime
        self.submission = submission
        self.recorded = recorded
        self.hash = _sha256(_LEAF + value).hexdigest()
        self.value = value
        self._said = said
        self._document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"<entry {self.entry} of {self.portfolio}, {self.hash}>"

    @property
    def said(self) -> Said:
        """What the event or the refusal says of itself."""
        said = self._said
        if said is None:
            said = self._said = _said(cast("dict[str, Any]", self.document["event" if self.recorded else "refusal"]))
        return said

    @property
    def document(self) -> Document:
        """The whole of it, parsed."""
        document = self._document
        if document is None:
            document = self._document = cast("Document", pydantic_core.from_json(self.value, cache_strings="keys"))
        return document

    @property
    def event(self) -> Document | None:
        """The recorded event as its publisher set it, None for a refusal."""
        return cast("Document | None", self.document.get("event"))

    @property
    def refusal(self) -> Document | None:
        """What was refused and why, None for a recorded event."""
        return cast("Document | None", self.document.get("refusal"))

    @property
    def version(self) -> int | None:
        """The version of the subject that this event made, from 1; None for a refusal."""
        return cast("int | None", self.document.get("version"))

    @property
    def flags(self) -> list[str]:
        """The codes of what is ugly but true about the recorded event."""
        return cast("list[str]", self.document.get("flags", []))


@dataclass(frozen=True, slots=True)
class Repair:
    """An operator's record that sets orphans aside: a reader must hold exactly `head_entry`, `head_hash` when it meets it.

    `abandons` are heads (number and hash) that readers hold and that the operator gives up.
    """

    portfolio: str
    orphans: frozenset[str]
    head_entry: int
    head_hash: str
    reason: str
    actor: str
    abandons: frozenset[tuple[int, str]] = frozenset()


def leaf_hash(value: bytes) -> str:
    """Return the RFC 6962 leaf hash of a record's value in lower-case hex: SHA-256 over 0x00 and the bytes."""
    return hashlib.sha256(_LEAF + value).hexdigest()


def build(document: Document) -> Entry:
    """Turn a complete entry document into the entry that will lie in the log."""
    value = canonical(document)
    return _entry(value, cast("dict[str, Any]", document))


def read(value: bytes | None) -> Entry | Repair:
    """Read a record of the ledger topic.

    Raises:
        Foreign: when it is neither an entry nor a repair record.

    """
    if value is None:
        raise Foreign("the record has no value")
    if b"\n" in value or b"\r" in value:
        raise Foreign("the record has line breaks, which canonical JSON has not")
    try:
        parsed: Any = pydantic_core.from_json(value, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise Foreign(f"the record is not JSON: {error}") from None
    if type(parsed) is not dict:
        raise Foreign("the record is no object")
    document = cast("dict[str, Any]", parsed)
    portfolio = document.get("portfolio")
    if type(portfolio) is not str or not _is_portfolio(portfolio):
        raise Foreign("the record names no portfolio")
    if "repair" in document:
        return _read_repair(document)
    _check_entry(document)
    return _entry(value, document)


def has_place(portfolio: str, entry: int, append: int, previous: str, submission: str, recordedtime: str) -> bool:  # noqa: PLR0917  the fields that give an entry its place
    """Tell whether what gives an entry its place in the log is what it may be; `read` says of anything else what is wrong."""
    return (
        0 <= append <= entry
        and _HASH.match(previous) is not None
        and _is_portfolio(portfolio)
        and submission.isprintable()
        and _RECORDEDTIME.match(recordedtime) is not None
    )


def _is_portfolio(name: str) -> bool:
    """Tell whether a portfolio may be called so; no longer name is kept to be known again."""
    return len(name) <= ID_LENGTH_MAX and _is_id(name)


_is_id = lru_cache(maxsize=10_000)(is_id)


def format_time(instant: datetime) -> str:
    """Format an aware instant as the ledger does: UTC, six digits, `Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _check_entry(document: dict[str, Any]) -> None:
    get = document.get
    number, append, previous = get("entry"), get("append"), get("previous")
    if type(number) is not int or type(append) is not int or not 0 <= append <= number:
        raise Foreign("the record has no entry number and append of an entry")
    if type(previous) is not str or _HASH.match(previous) is None:
        raise Foreign("the record has no hash of a previous entry")
    if ("event" in document) == ("refusal" in document):
        raise Foreign("the record holds not exactly one of an event and a refusal")
    body = get("event") if "event" in document else get("refusal")
    submission, recordedtime = get("submission"), get("recordedtime")
    if type(body) is not dict or type(submission) is not str or not submission.isprintable():
        raise Foreign("the record lacks the fields of an entry")
    if type(recordedtime) is not str or _RECORDEDTIME.match(recordedtime) is None:
        raise Foreign("the record does not say when it was recorded")


def _entry(value: bytes, document: dict[str, Any]) -> Entry:
    return Entry(
        portfolio=document["portfolio"],
        entry=document["entry"],
        previous=document["previous"],
        append=document["append"],
        recordedtime=document["recordedtime"],
        submission=document["submission"],
        recorded="event" in document,
        value=value,
        document=document,
    )


def _said(body: dict[str, Any]) -> Said:
    """Return what a parsed event or refusal says; what is not of its kind counts as missing."""
    type_, subject, time, actor = (
        text if type(text := body.get(name)) is str else "" for name in ("type", "subject", "time", "actor")
    )
    reason, corrects = body.get("reason"), body.get("corrects")
    return Said(
        type_,
        subject,
        time,
        actor,
        reason if type(reason) is str else None,
        corrects if type(corrects) is int else None,
        canonical(body.get("data")),
    )


def _read_repair(document: dict[str, Any]) -> Repair:
    repair = _member(document, "repair")
    head = _member(repair, "head")
    orphans, head_entry, head_hash = repair.get("orphans"), head.get("entry"), head.get("hash")
    if type(orphans) is not list or not all(_is_hash(orphan) for orphan in cast("list[object]", orphans)):
        raise Foreign("the repair record names no orphans by their hashes")
    if type(head_entry) is not int or head_entry < -1 or not _is_hash(head_hash):
        raise Foreign("the repair record names no head")
    abandons = repair.get("abandons", [])
    if type(abandons) is not list:
        raise Foreign("the repair record gives up something that is no list of heads")
    return Repair(
        portfolio=document["portfolio"],
        orphans=frozenset(cast("list[str]", orphans)),
        head_entry=head_entry,
        head_hash=cast("str", head_hash),
        reason=str(repair.get("reason", "")),
        actor=str(repair.get("actor", "")),
        abandons=frozenset(map(_read_head, cast("list[object]", abandons))),
    )


def _read_head(value: object) -> tuple[int, str]:
    head = cast("dict[str, object]", value) if type(value) is dict else {}
    entry, hash_ = head.get("entry"), head.get("hash")
    if type(entry) is not int or not _is_hash(hash_):
        raise Foreign("the repair record gives up something that is no head")
    return entry, cast("str", hash_)


def _member(document: dict[str, Any], name: str) -> dict[str, Any]:
    member = document.get(name)
    if type(member) is not dict:
        raise Foreign(f"the record has no {name} that is an object")
    return cast("dict[str, Any]", member)


def _is_hash(text: object) -> bool:
    return type(text) is str and _HASH.match(text) is not None
