"""The fold of `entries`: every entry becomes a row that holds its bytes; portfolios, flags and refusals are listed.

Spans of the log say between which times their events were true, so that who asks about a day need not look at all of them.
"""

from datetime import datetime
from typing import NamedTuple, cast

from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.folding.folding import Folding
from portfolio_projector.folding.quick import maker, quick
from portfolio_schemas.events.portfolio import PortfolioOpened

_OPENED = types_of(PortfolioOpened)


class EntryRow(NamedTuple):
    """A row of `entries`."""

    portfolio: str
    entry: int
    hash: bytes
    log_offset: int
    recordedtime: str
    type: str
    subject: str
    event_time: str
    value: bytes
    happened_at: datetime | None
    corrects: int | None


_entry_row = maker(EntryRow)


class PortfolioRow(NamedTuple):
    """A row of `portfolios`."""

    portfolio: str
    name: str
    currency: str
    opened: int


class RemarkRow(NamedTuple):
    """A row of `flags` or of `refusals`: the ledger's remark on an entry."""

    portfolio: str
    entry: int
    code: str
    subject: str
    source: str


@quick
class SpanRow(NamedTuple):
    """Between which times events were true that entries from `first_entry` on record; corrections have no time of their own."""

    portfolio: str
    first_entry: int
    earliest: datetime
    latest: datetime


SPAN_LENGTH = 64
"""How many entries there are in a span. Tables and statements say so too."""


class Entries:
    """New rows; nothing old is ever looked at."""

    def __init__(self, complete: bool) -> None:  # noqa: ARG002, FBT001  the description of a read model says what it is
        self.entries = list[EntryRow]()
        self.portfolios = list[PortfolioRow]()
        self.flags = list[RemarkRow]()
        self.refusals = list[RemarkRow]()
        self.times = dict[tuple[str, int], SpanRow]()

    @property
    def spans(self) -> list[SpanRow]:
        """What the new entries say of spans: a table puts it together with what it has."""
        return [self.times[key] for key in sorted(self.times)]

    @property
    def size(self) -> int:
        """How many bytes are known: none of them is ever looked at again."""
        return 0

    def keep(self) -> None:
        """Forget what is stored."""
        self.entries.clear()
        self.portfolios.clear()
        self.flags.clear()
        self.refusals.clear()
        self.times.clear()

    def forget(self, share: float) -> None:
        """There is nothing to forget."""


def fold(state: Entries, fact: Fact) -> None:
    """Keep one entry."""
    entry, type_, subject = fact.entry, fact.type, fact.subject
    time = fact.stated_time
    if not (type_ + subject + time).isprintable():
        type_, subject, time = _storable(type_), _storable(subject), _storable(time)
    happened_at = _happened_at(fact) if fact.recorded else None
    cells = (
        entry.portfolio,
        entry.entry,
        bytes.fromhex(entry.hash),
        fact.offset,
        entry.recordedtime,
        type_,
        subject,
        time,
        entry.value,
        happened_at,
        fact.corrects if fact.recorded else None,
    )
    state.entries.append(_entry_row(cells))
    if happened_at is not None and fact.corrects is None:
        _extend(state.times, entry.portfolio, entry.entry, happened_at)
    if not fact.recorded:
        refusal = entry.refusal or {}
        code, source = (str(refusal.get(name, "")) for name in ("code", "source"))
        state.refusals.append(RemarkRow(entry.portfolio, entry.entry, _storable(code), subject, _storable(source)))
    elif is_flagged(entry.value):
        source = _storable(str((entry.event or {}).get("source", "")))
        codes = dict.fromkeys(_storable(code) for code in entry.flags)
        state.flags += [RemarkRow(entry.portfolio, entry.entry, code, subject, source) for code in codes]
    if type_ in _OPENED and fact.recorded:
        data = cast("PortfolioOpened", fact.data)
        state.portfolios.append(PortfolioRow(fact.portfolio, data.name, data.currency, fact.number))


def _extend(times: dict[tuple[str, int], SpanRow], portfolio: str, number: int, happened_at: datetime) -> None:
    """Let the span of an entry reach to when its event was true."""
    key = (portfolio, number - number % SPAN_LENGTH)
    span = times.get(key)
    if span is None:
        times[key] = SpanRow(*key, happened_at, happened_at)
    elif happened_at < span.earliest:
        times[key] = span._replace(earliest=happened_at)
    elif happened_at > span.latest:
        times[key] = span._replace(latest=happened_at)


def is_flagged(value: bytes) -> bool:
    """Tell whether the bytes of a recorded event have flags beside it: few have, and only these are parsed.

    Keys are in order and texts are escaped, so that the last key of this name is the entry's own.
    """
    place = value.rfind(_FLAGS)
    return place >= 0 and value[place + len(_FLAGS)] != _NONE


_FLAGS = b'"flags":['
_NONE = ord("]")


def _happened_at(fact: Fact) -> datetime | None:
    """Return when an event was true; None where a ledger should never have recorded what it says."""
    try:
        return fact.time
    except ValueError:
        return None


def _storable(text: str) -> str:
    """Return a text for a column, whatever stands in the entry: its bytes are kept anyway, and a column takes no NUL."""
    return text.replace("\x00", "\ufffd")


FOLDING = Folding(name="entries", version=4, types=None, begin=Entries, fold=fold)
