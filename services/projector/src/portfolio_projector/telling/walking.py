"""Walking: the state of a chronicle through a stretch of entries, and what is kept of it on the way. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Generic, TypeVar

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.folding.facts import Fact
from portfolio_projector.telling.keeping import Made
from portfolio_projector.telling.past import News, Told, Wanted, fold_on, pack, reaches_back, read_facts, restates

State = TypeVar("State")

FACTS_BETWEEN = 100
"""How many facts there are between two snapshots, at least."""

_ENTRIES_OF_FACT = 10
"""So many entries that a chronicle does not fold are passed in the time in which one is folded."""

_BYTES_OF_ENTRY = 500
"""A snapshot is made once there are facts enough to be about as large."""

_FOLDED_OF_ENTRY = 4
"""And once there are a quarter of those that were folded for the last one: what reaches far back costs that much."""


@dataclass(slots=True)
class Line:
    """The snapshots of a chronicle in a scope: the last one, its size, how much was folded for it, and what has come since.

    Facts and other entries are counted up to the entry `counted`. `failed_without` are the skipped entries without which it
    cannot be folded on.
    """

    last: int
    bytes: int
    counted: int
    folded: int = 0
    facts: int = 0
    others: int = 0
    failed_without: frozenset[int] | None = None

    def is_due(self, between: int) -> bool:
        """Tell whether there is enough for the next snapshot."""
        facts_min = max(between, self.bytes // _BYTES_OF_ENTRY, self.folded // _FOLDED_OF_ENTRY)
        return self.facts + self.others // _ENTRIES_OF_FACT >= facts_min

    def count(self, facts: int, others: int) -> None:
        """Count entries that are new: those that are folded, and others."""
        self.facts += facts
        self.others += others

    def keep(self, entry: int, size: int, folded: int) -> None:
        """Take a snapshot as made."""
        self.last, self.bytes, self.folded = entry, size, folded
        self.facts = self.others = 0


class Stretch:
    """What becomes known of a scope after an entry, up to another, in that order; each is read once, whoever folds it."""

    def __init__(self, begin: int, end: int, records: Sequence[News]) -> None:
        self.begin = begin
        self.end = end
        self.records = records
        self._facts = dict[int, Fact]()

    def facts(self, records: Sequence[News]) -> list[Fact]:
        """Return records of the stretch as folds look at them, in the order of the log."""
        unread = [record for record in records if record["entry"] not in self._facts]
        for fact in read_facts([(record["log_offset"], record["value"]) for record in unread]):
            self._facts[fact.number] = fact
        return sorted((self._facts[record["entry"]] for record in records), key=_number)


def _number(fact: Fact) -> int:
    return fact.number


@dataclass(slots=True)
class Walk(Generic[State]):
    """One chronicle on its way through a stretch: `wanted` is the moment at which that begins. What it `made` is to be kept."""

    chronicle: Chronicle[State]
    line: Line
    stretch: Stretch
    wanted: Wanted
    scope: str
    between: int
    made: list[Made] = field(default_factory=list[Made])
    _told: Told[State] | None = None
    _steps: Iterator[int] | None = None

    def begin_at(self, told: Told[State]) -> None:
        """Go on from a state, as it was asked for."""
        self._told = told

    def go_on(self) -> int | None:
        """Walk on; return the entry of which a state is needed first, and None at the end.

        Raises:
            Unfoldable: when the fold raises.

        """
        if self._steps is None:
            self._steps = self._walk()
        return next(self._steps, None)

    def _walk(self) -> Iterator[int]:
        types, line = self.chronicle.types, self.line
        begin, line.counted = max(self.stretch.begin, line.counted), self.stretch.end
        news = [record for record in self.stretch.records if record["since"] > begin]
        folded = sum(record["type"] in types for record in news)
        if not replace(line, facts=line.facts + folded, others=line.others + len(news) - folded).is_due(self.between):
            line.count(folded, len(news) - folded)
            return
        yield begin
        pending = list[News]()
        for record, following in zip_longest(news, news[1:]):
            is_folded = record["type"] in types
            line.count(is_folded, not is_folded)
            if is_folded:
                pending.append(record)
            ends = following is None or following["since"] > record["since"]
            if ends and line.is_due(self.between):
                yield from self._step(record["since"], pending)
                pending.clear()

    def _step(self, entry: int, news: Sequence[News]) -> Iterator[int]:
        """Come to an entry, by folding what is new or, where that reaches back, from wherever it can be told."""
        told = self._known()
        folded = 0
        if any(reaches_back(record, told.entry, self.chronicle) for record in news):
            yield entry
            told = self._known()
            folded = told.folded
        else:
            facts = [fact for fact in self.stretch.facts(news) if fact.number not in self.wanted.skipped]
            fold_on(self.chronicle, told, facts, self._restating(news))
            told.entry = entry
        state = pack(self.chronicle, told.state)
        self.made.append(Made(entry, told.until, state))
        self.line.keep(entry, len(state), folded)

    def _restating(self, news: Sequence[News]) -> Collection[int]:
        return {record["entry"] for record in news if restates(record, self.chronicle)}

    def _known(self) -> Told[State]:
        if self._told is None:
            raise RuntimeError("A walk needs a state to begin with.")
        return self._told
