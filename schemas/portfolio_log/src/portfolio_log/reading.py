"""Reading the records of the ledger topic as quickly as a catch-up asks for.

Nearly all records are entries with everything in its place, of which most readers need little: such a record is checked whole,
but its body stays text until somebody asks for it. Every other record is read with care, which says what it is.
"""

from typing import cast

import msgspec
from msgspec import UNSET, Raw, UnsetType

from portfolio_schemas import entries
from portfolio_schemas.entries import Entry, Repair, Said


def read(value: bytes | None) -> Entry | Repair:
    """Read a record; see `entries.read`, with which it agrees on every record.

    Raises:
        Foreign: when it is neither an entry nor a repair record.

    """
    if value is None or b"\n" in value or b"\r" in value:
        return entries.read(value)
    try:
        record = _RECORD.decode(value)
    except (ValueError, RecursionError):
        return entries.read(value)
    said, refused = record.event, record.refusal
    if refused is not UNSET:
        said = refused if said is UNSET else UNSET
    if (
        said is UNSET
        or record.repair is not UNSET
        or not entries.has_place(
            record.portfolio, record.entry, record.append, record.previous, record.submission, record.recordedtime
        )
        or not (value.isascii() or _is_utf8(value))
    ):
        return entries.read(value)
    return Entry(
        portfolio=record.portfolio,
        entry=record.entry,
        previous=record.previous,
        append=record.append,
        recordedtime=record.recordedtime,
        submission=record.submission,
        recorded=refused is UNSET,
        value=value,
        said=cast("Said", said),
    )


class _Said(msgspec.Struct, frozen=True, gc=False):
    """An `entries.Said` whose body still lies in the record."""

    type: str = ""
    subject: str = ""
    time: str = ""
    actor: str = ""
    reason: str | None = None
    corrects: int | None = None
    data: Raw = Raw(b"null")


class _Record(msgspec.Struct, gc=False):
    entry: int
    append: int
    previous: str
    portfolio: str
    submission: str
    recordedtime: str
    event: _Said | UnsetType = UNSET
    refusal: _Said | UnsetType = UNSET
    repair: Raw | UnsetType = UNSET


_RECORD = msgspec.json.Decoder(_Record)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
