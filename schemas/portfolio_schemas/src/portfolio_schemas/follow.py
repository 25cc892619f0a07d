"""The follow rule: how every reader of the ledger topic judges every record, in partition order.

A reader holds, per portfolio, the head (the last entry) and the tip (the hash of the last superseded record). A record with entry
number `e`, link `p`, append `a` and hash `h`

1. extends the head when `e == head.entry + 1` and `p == head.hash`;
2. is superseded, the start of an append that lost a race, when `a == e`, `e <= head.entry` and `p` is the hash of entry `e - 1`;
3. is superseded, the rest of that append, when `a < e` and `p == tip`;
4. is an orphan otherwise: what it follows is missing or was altered, and the reader stops this portfolio.

Nothing here reads or waits: hashes of old entries come in as arguments.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from portfolio_schemas.entries import EMPTY_HASH, Entry, Repair


class Judgement(Enum):
    """What a record is to a reader at its place."""

    EXTENDS = "extends"
    SUPERSEDED = "superseded"
    ORPHAN = "orphan"


class Head(NamedTuple):
    """The last entry of a portfolio: its number and its hash. An empty portfolio is at -1."""

    entry: int = -1
    hash: str = EMPTY_HASH


EMPTY_HEAD = Head()


@dataclass(frozen=True, slots=True)
class Stop:
    """Why and where a reader stopped a portfolio: the offset and hash of the record, and a sentence for the operator."""

    offset: int
    hash: str
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """A reader's state for one portfolio: its head, its tip, and where it stopped, if it did."""

    head: Head = EMPTY_HEAD
    tip: str | None = None
    stop: Stop | None = None


NEW_PLACE = Place()


def needs_old_hash(head: Head, entry: Entry) -> bool:
    """Tell whether `judge` needs the hash of entry `entry.entry - 1`, which the reader has to look up."""
    return entry.append == entry.entry and 0 < entry.entry <= head.entry


def judge(place: Place, entry: Entry, old_hash: str | None = None) -> Judgement:
    """Judge a record against a reader's place.

    `old_hash` is the hash of entry `entry.entry - 1` where `needs_old_hash` says so; None when the reader has no such entry.
    """
    head = place.head
    if entry.entry == head.entry + 1 and entry.previous == head.hash:
        return Judgement.EXTENDS
    if entry.append == entry.entry and entry.entry <= head.entry:
        known = EMPTY_HASH if entry.entry == 0 else old_hash
        return Judgement.SUPERSEDED if entry.previous == known else Judgement.ORPHAN
    if entry.append < entry.entry and entry.previous == place.tip:
        return Judgement.SUPERSEDED
    return Judgement.ORPHAN


def advance(place: Place, entry: Entry, judgement: Judgement, *, offset: int) -> Place:
    """Return the reader's place after a record that was judged so."""
    match judgement:
        case Judgement.EXTENDS:
            return replace(place, head=Head(entry.entry, entry.hash))
        case Judgement.SUPERSEDED:
            return replace(place, tip=entry.hash)
        case Judgement.ORPHAN:
            return replace(place, stop=Stop(offset, entry.hash, _orphan_detail(place.head, entry)))


def holds(place: Place, repair: Repair) -> bool:
    """Tell whether a reader holds exactly the head that a repair record names."""
    return place.head == Head(repair.head_entry, repair.head_hash)


def _orphan_detail(head: Head, entry: Entry) -> str:
    if entry.entry > head.entry + 1:
        problem = f"entries {head.entry + 1} to {entry.entry - 1} are missing before it"
    elif entry.entry == head.entry + 1:
        problem = f"it does not link to entry {head.entry}, which was altered or replaced"
    else:
        problem = f"it does not link to entry {entry.entry - 1} of this portfolio"
    return f"Entry {entry.entry} with hash {entry.hash} is an orphan: {problem}."
