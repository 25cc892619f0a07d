"""The fold of `entries`: every entry becomes a row that holds its bytes; portfolios, flags and refusals are listed."""

from datetime import datetime
from typing import NamedTuple, cast

from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.folding.folding import Folding
from portfolio_projector.folding.quick import maker
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


class Entries:
    """New rows; nothing old is ever looked at."""

    def __init__(self, complete: bool) -> None:  # noqa: ARG002, FBT001  the description of a read model says what it is
        self.entries = list[EntryRow]()
        self.portfolios = list[PortfolioRow]()
        self.flags = list[RemarkRow]()
        self.refusals = list[RemarkRow]()

    def keep(self, rows_max: int) -> None:  # noqa: ARG002  none of them is ever looked at again
        """Forget what is stored."""
        self.entries.clear()
        self.portfolios.clear()
        self.flags.clear()
        self.refusals.clear()


def fold(state: Entries, fact: Fact) -> None:
    """Keep one entry."""
    entry, type_, subject = fact.entry, fact.type, fact.subject
    time = fact.stated_time
    if not (type_ + subject + time).isprintable():
        type_, subject, time = _storable(type_), _storable(subject), _storable(time)
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
        _happened_at(fact) if fact.recorded else None,
        fact.corrects if fact.recorded else None,
    )
    state.entries.append(_entry_row(cells))
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


FOLDING = Folding(name="entries", version=3, types=None, begin=Entries, fold=fold)
