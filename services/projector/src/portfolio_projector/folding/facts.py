"""Facts: entries as folds look at them. Parsed once for all read models; a typed body is read when the first fold asks for it."""

from datetime import datetime
from sys import intern
from typing import cast

from portfolio_schemas import catalogue, envelope
from portfolio_schemas.entries import Entry
from portfolio_schemas.events import Event
from portfolio_schemas.events.event_data import EventData


def types_of(*kinds: type[EventData]) -> frozenset[str]:
    """Return the names of types in all their versions: an older one is read as the newest."""
    stems = {kind.event_type.name.rpartition(".")[0] for kind in kinds}
    return frozenset(name for name in catalogue.TYPES if name.rpartition(".")[0] in stems)


_BEGINNING = frozenset(name for name, body in catalogue.TYPES.items() if body.event_type.occurs == "first")


class Impossible(Exception):
    """An event that cannot have happened after those before it: the ledger would have refused it."""


class Fact:
    """One entry on its way through the folds: a recorded event or, where `recorded` is false, a refusal.

    Its subject is an `aggregate` and an `id`; `key` names it in a table: portfolio and id. `corrects` is the number of the entry
    that it corrects, `corrected_by` the entry whose body stands in the place of its own. `begins`: the subject begins with it, as
    the ledger made sure; so nothing can be known of it from before.
    """

    __slots__ = (
        "_data",
        "_said",
        "_time",
        "aggregate",
        "begins",
        "corrected_by",
        "corrects",
        "entry",
        "id",
        "key",
        "number",
        "offset",
        "portfolio",
        "recorded",
        "subject",
        "type",
    )

    def __init__(self, entry: Entry, offset: int) -> None:
        self._said = said = entry.said
        self.entry = entry
        self.number = entry.entry
        self.portfolio = portfolio = intern(entry.portfolio)  # keys of all rows share it
        self.offset = offset
        self.recorded = recorded = entry.recorded
        self.type = type_ = said.type
        self.subject = subject = said.subject
        self.aggregate, _, id_ = subject.partition("/")
        self.id = id_
        self.key = (portfolio, id_)
        self.corrects = corrects = said.corrects
        self.begins = corrects is None and type_ in _BEGINNING and recorded
        self.corrected_by: int | None = None
        self._data: Event | None = None
        self._time: datetime | None = None

    def restated(self, by: "Fact") -> "Fact":
        """Return the fact as another corrects it: its place, subject and time stay; what it says, who and why are the other's."""
        fact = Fact(self.entry, self.offset)
        fact._said, fact.type, fact._time, fact.corrected_by = by._said, by.type, self.time, by.number  # noqa: SLF001  its own
        fact.corrects = by.corrects
        return fact

    @property
    def data(self) -> Event:
        """The event's body, typed and in the newest version of its type.

        Raises:
            UnknownType: when the installed schemas do not know the type.
            WrongData: when the body does not match it.

        """
        data = self._data
        if data is None:
            if not self.recorded:
                raise TypeError("A refusal has no body: folds look at events only.")
            data = self._data = catalogue.read_text(self.type, bytes(self._said.data))
        return data

    @property
    def time(self) -> datetime:
        """When it was true in the world, in UTC."""
        if self._time is None:
            self._time = envelope.read_time(self._said.time)
        return self._time

    @property
    def stated_time(self) -> str:
        """The time as its publisher wrote it."""
        return self.entry.said.time

    @property
    def causation(self) -> int | None:
        """The number of the entry that caused this one, where it says so: consequences that the ledger states always do."""
        return cast("int | None", (self.entry.event or {}).get("causationid"))

    @property
    def actor(self) -> str:
        """Who did it."""
        return self._said.actor

    @property
    def reason(self) -> str | None:
        """Why, where somebody said so."""
        return self._said.reason
