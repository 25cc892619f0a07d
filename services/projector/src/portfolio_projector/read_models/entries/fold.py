"""The fold of `entries`: every entry becomes a row that holds its bytes; an opened portfolio is listed."""

from datetime import datetime
from typing import NamedTuple, cast

from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.folding.folding import Folding
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


class PortfolioRow(NamedTuple):
    """A row of `portfolios`."""

    portfolio: str
    name: str
    currency: str
    opened: int


class Entries:
    """New rows; nothing old is ever looked at."""

    def __init__(self, complete: bool) -> None:  # noqa: ARG002, FBT001  the description of a read model says what it is
        self.entries = list[EntryRow]()
        self.portfolios = list[PortfolioRow]()

    def keep(self, rows_max: int) -> None:  # noqa: ARG002  none of them is ever looked at again
        """Forget what is stored."""
        self.entries.clear()
        self.portfolios.clear()


def fold(state: Entries, fact: Fact) -> None:
    """Keep one entry."""
    entry, type_, subject = fact.entry, fact.type, fact.subject
    time = fact.stated_time
    if not (type_ + subject + time).isprintable():
        type_, subject, time = _storable(type_), _storable(subject), _storable(time)
    state.entries.append(
        EntryRow(
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
    )
    if type_ in _OPENED and fact.recorded:
        data = cast("PortfolioOpened", fact.data)
        state.portfolios.append(PortfolioRow(fact.portfolio, data.name, data.currency, fact.number))


def _happened_at(fact: Fact) -> datetime | None:
    """Return when an event was true; None where a ledger should never have recorded what it says."""
    try:
        return fact.time
    except ValueError:
        return None


def _storable(text: str) -> str:
    """Return a text for a column, whatever stands in the entry: its bytes are kept anyway, and a column takes no NUL."""
    return text.replace("\x00", "\ufffd")


FOLDING = Folding(name="entries", version=2, types=None, begin=Entries, fold=fold)
