"""Entries: the elements of the log. Built once, by a judge; read by everyone as the bytes that lie in the log.

An entry is `{entry, previous, append, recordedtime, salt, submission, door, portfolio}` with either `{event, version, flags}`
or `{refusal}`. A repair record, `{portfolio, repair}`, shares the topic and is not an entry.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, cast

import pydantic_core

from portfolio_schemas.codec import Document, canonical

EMPTY_HASH = "0" * 64
LEDGER_SOURCE = "/ledger"

Door = Literal["http", "kafka"]

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_LEAF = b"\x00"
_sha256 = hashlib.sha256


class Foreign(ValueError):
    """A record of the ledger topic that is no entry and no repair: `args[0]` says why."""


class Entry(NamedTuple):
    """One element of the log, with its hash and the bytes it was read from or will be written as.

    `document` is the parsed value; `previous` links to the entry before it, `append` is the number of the first entry that
    entered the log together with it.
    """

    portfolio: str
    entry: int
    previous: str
    append: int
    hash: str
    value: bytes
    document: Document

    @property
    def event(self) -> Document | None:
        """The recorded event as its publisher set it, None for a refusal."""
        return cast("Document | None", self.document.get("event"))

    @property
    def refusal(self) -> Document | None:
        """What was refused and why, None for a recorded event."""
        return cast("Document | None", self.document.get("refusal"))

    @property
    def submission(self) -> str:
        """The name of the submission that this entry answers."""
        return cast("str", self.document["submission"])

    @property
    def recordedtime(self) -> str:
        """When the ledger recorded it, `YYYY-MM-DDTHH:MM:SS.ffffffZ`; never before the entry before it."""
        return cast("str", self.document["recordedtime"])

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
    fields = cast("dict[str, Any]", document)
    return Entry(
        portfolio=fields["portfolio"],
        entry=fields["entry"],
        previous=fields["previous"],
        append=fields["append"],
        hash=leaf_hash(value),
        value=value,
        document=document,
    )


def read(value: bytes | None) -> Entry | Repair:
    """Read a record of the ledger topic.

    Raises:
        Foreign: when it is neither an entry nor a repair record.

    """
    if value is None:
        raise Foreign("the record has no value")
    try:
        parsed: Any = pydantic_core.from_json(value, allow_inf_nan=False, cache_strings="keys")
    except ValueError as error:
        raise Foreign(f"the record is not JSON: {error}") from None
    if type(parsed) is not dict:
        raise Foreign("the record is no object")
    document = cast("dict[str, Any]", parsed)
    if type(document.get("portfolio")) is not str:
        raise Foreign("the record names no portfolio")
    if "repair" in document:
        return _read_repair(document)
    return _read_entry(value, document)


def format_time(instant: datetime) -> str:
    """Format an aware instant as the ledger does: UTC, six digits, `Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _read_entry(value: bytes, document: dict[str, Any]) -> Entry:
    get = document.get
    number, append, previous = get("entry"), get("append"), get("previous")
    if type(number) is not int or type(append) is not int or not 0 <= append <= number:
        raise Foreign("the record has no entry number and append of an entry")
    if type(previous) is not str or _HASH.match(previous) is None:
        raise Foreign("the record has no hash of a previous entry")
    if ("event" in document) == ("refusal" in document):
        raise Foreign("the record holds not exactly one of an event and a refusal")
    body = get("event") if "event" in document else get("refusal")
    if type(body) is not dict or type(get("submission")) is not str or type(get("recordedtime")) is not str:
        raise Foreign("the record lacks the fields of an entry")
    return Entry(document["portfolio"], number, previous, append, _sha256(_LEAF + value).hexdigest(), value, document)


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
