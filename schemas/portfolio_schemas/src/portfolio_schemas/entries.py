"""Entries: the elements of the log. Built once, by a judge; read by everyone as the bytes that lie in the log.

An entry is `{entry, previous, append, recordedtime, salt, submission, door, portfolio}` with either `{event, version, flags}`
or `{refusal}`. A repair record, `{portfolio, repair}`, shares the topic and is not an entry.

Most readers need little of most entries: a record is checked whole, but its body stays text until somebody asks for it.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, cast

import msgspec
from msgspec import UNSET, Raw, UnsetType
from msgspec.structs import force_setattr

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


class Said(msgspec.Struct, frozen=True, gc=False):
    """What an event or a refusal says of itself, its body as it lies in the log. What is missing is empty."""

    type: str = ""
    subject: str = ""
    time: str = ""
    actor: str = ""
    reason: str | None = None
    corrects: int | None = None
    data: Raw = Raw(b"null")


class Entry(msgspec.Struct, frozen=True, eq=False):
    """One element of the log, with its hash and the bytes it was read from or will be written as.

    `previous` links to the entry before it, `append` is the number of the first entry that entered the log together with it.
    `recorded` tells a recorded event from a refusal.
    """

    portfolio: str
    entry: int
    previous: str
    append: int
    recordedtime: str
    submission: str
    recorded: bool
    hash: str
    value: bytes
    _said: Said | None = None
    _document: Document | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    @property
    def said(self) -> Said:
        """What the event or the refusal says of itself."""
        said = self._said
        if said is None:
            said = _said(cast("dict[str, Any]", self.document["event" if self.recorded else "refusal"]))
            force_setattr(self, "_said", said)
        return said

    @property
    def document(self) -> Document:
        """The whole of it, parsed when somebody asks first."""
        document = self._document
        if document is None:
            document = cast("Document", msgspec.json.decode(self.value))
            force_setattr(self, "_document", document)
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
    """An operator's record that sets orphans aside: a reader must hold exactly `head_entry`, `head_hash` when it meets it."""

    portfolio: str
    orphans: frozenset[str]
    head_entry: int
    head_hash: str
    reason: str
    actor: str


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
        record = _RECORD.decode(value)
    except (ValueError, RecursionError):
        return _read_slowly(value)
    said, refused = record.event, record.refusal
    if refused is not UNSET:
        said = refused if said is UNSET else UNSET
    if (
        said is UNSET
        or not 0 <= record.append <= record.entry
        or _HASH.match(record.previous) is None
        or record.repair is not UNSET
        or not _is_portfolio(record.portfolio)
        or not record.submission.isprintable()
        or _RECORDEDTIME.match(record.recordedtime) is None
        or not (value.isascii() or _is_utf8(value))
    ):
        return _read_slowly(value)
    return Entry(
        record.portfolio,
        record.entry,
        record.previous,
        record.append,
        record.recordedtime,
        record.submission,
        refused is UNSET,
        _sha256(_LEAF + value).hexdigest(),
        value,
        said,
    )


class _Record(msgspec.Struct, gc=False):
    """A record that is, as nearly all are, an entry with everything in its place."""

    entry: int
    append: int
    previous: str
    portfolio: str
    submission: str
    recordedtime: str
    event: Said | UnsetType = UNSET
    refusal: Said | UnsetType = UNSET
    repair: Raw | UnsetType = UNSET


_RECORD = msgspec.json.Decoder(_Record)


def _read_slowly(value: bytes) -> Entry | Repair:
    """Read a record that is something else than an entry with everything in its place, and say what."""
    try:
        parsed: Any = msgspec.json.decode(value)
    except (ValueError, RecursionError) as error:
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
        document["portfolio"],
        document["entry"],
        document["previous"],
        document["append"],
        document["recordedtime"],
        document["submission"],
        "event" in document,
        leaf_hash(value),
        value,
        None,
        document,
    )


def _said(body: dict[str, Any]) -> Said:
    """Return what a parsed event or refusal says; what is not of its kind counts as missing."""
    texts = [text if type(text := body.get(name)) is str else "" for name in ("type", "subject", "time", "actor")]
    reason, corrects = body.get("reason"), body.get("corrects")
    return Said(
        *texts,
        reason=reason if type(reason) is str else None,
        corrects=corrects if type(corrects) is int else None,
        data=Raw(canonical(body.get("data"))),
    )


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read_repair(document: dict[str, Any]) -> Repair:
    repair = _member(document, "repair")
    head = _member(repair, "head")
    orphans, head_entry, head_hash = repair.get("orphans"), head.get("entry"), head.get("hash")
    if type(orphans) is not list or not all(_is_hash(orphan) for orphan in cast("list[object]", orphans)):
        raise Foreign("the repair record names no orphans by their hashes")
    if type(head_entry) is not int or head_entry < -1 or not _is_hash(head_hash):
        raise Foreign("the repair record names no head")
    return Repair(
        portfolio=document["portfolio"],
        orphans=frozenset(cast("list[str]", orphans)),
        head_entry=head_entry,
        head_hash=cast("str", head_hash),
        reason=str(repair.get("reason", "")),
        actor=str(repair.get("actor", "")),
    )


def _member(document: dict[str, Any], name: str) -> dict[str, Any]:
    member = document.get(name)
    if type(member) is not dict:
        raise Foreign(f"the record has no {name} that is an object")
    return cast("dict[str, Any]", member)


def _is_hash(text: object) -> bool:
    return type(text) is str and _HASH.match(text) is not None
