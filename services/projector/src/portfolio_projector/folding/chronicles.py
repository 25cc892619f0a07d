"""Chronicles: what the entries that concern a member, or a whole portfolio, add up to. Pure.

A chronicle has no tables. Its state is folded from entries, at whatever moment somebody asks about, beginning at the nearest
snapshot; so the past is told by the code that tells the present, and costs about the same. Folds see facts in the order of the
log, each already as corrections left it, unless they ask to see corrections themselves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

import msgspec

from portfolio_projector.folding.facts import Fact

WHOLE = ""
"""The scope of a chronicle that all entries of a portfolio belong to."""

State = TypeVar("State")
Struct = TypeVar("Struct", bound=msgspec.Struct)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chronicle(Generic[State]):
    """How a chronicle folds, and how its state becomes bytes and is read again.

    `begin` is given the scope: a member as a subject, or `WHOLE` for all entries of the portfolio.
    `fold` changes the state by one fact, and knows no clock: what depends on a day is worked out from the state when somebody
    asks. `version` changes with every change of what the fold makes of facts, or of the state's shape; snapshots of another
    version are not looked at. `corrections`: `applied` gives `fold` facts as they were corrected, in the place and at the time of
    the original; `seen` gives it what was recorded, corrections after what they correct, with `corrects` set. `held_by`: what of
    a state was true by an instant, where the state keeps the times of what is in it; such a fold is told everything, whenever it
    was true. `of_portfolio`: its scope is the whole portfolio, not one member. `forgive` folds, as far as it can be, a fact that
    is impossible only because what it rests on was not true yet on the day that is asked about; without it such a fact is passed
    over.
    """

    name: str
    version: int
    types: frozenset[str]
    begin: Callable[[str], State]
    fold: Callable[[State, Fact], None]
    freeze: Callable[[State], bytes]
    thaw: Callable[[bytes], State]
    corrections: Literal["applied", "seen"] = "applied"
    held_by: Callable[[State, datetime], State] | None = None
    of_portfolio: bool = False
    forgive: Callable[[State, Fact], None] | None = None

    @property
    def label(self) -> str:
        """How answers name the chronicle and its version."""
        return f"{self.name}/{self.version}"


def chronicle(
    name: str,
    version: int,
    *,
    types: frozenset[str],
    state: type[Struct],
    fold: Callable[[Struct, Fact], None],
    corrections: Literal["applied", "seen"] = "applied",
    held_by: Callable[[Struct, datetime], Struct] | None = None,
    of_portfolio: bool = False,
) -> Chronicle[Struct]:
    """Describe a chronicle whose state is a struct: one that is empty without arguments, and holds what MessagePack can hold.

    A field `scope` is given the member whose facts are folded.
    """
    decoder = msgspec.msgpack.Decoder(state)
    scoped = "scope" in state.__struct_fields__
    return Chronicle(
        name=name,
        version=version,
        types=types,
        begin=lambda scope: state(scope=scope) if scoped else state(),
        fold=fold,
        freeze=msgspec.msgpack.Encoder(order="deterministic").encode,
        thaw=decoder.decode,
        corrections=corrections,
        held_by=held_by,
        of_portfolio=of_portfolio,
    )


class Restated:
    """What corrections leave of facts: the last correction says what a fact says, in the place and at the time of the first."""

    __slots__ = ("_corrections", "_last")

    def __init__(self, corrections: Iterable[Fact]) -> None:
        """Take the corrections among the facts, in the order of the log."""
        self._corrections = dict[int, int]()
        self._last = dict[int, Fact]()
        for fact in corrections:
            if fact.corrects is not None:
                first = self._corrections.get(fact.corrects, fact.corrects)
                self._corrections[fact.number] = first
                self._last[first] = fact

    def apply(self, fact: Fact) -> Fact | None:
        """Return a fact as it was corrected; None for a correction, which is told in another's place."""
        if fact.number in self._corrections:
            return None
        by = self._last.get(fact.number)
        return fact if by is None else fact.restated(by)
