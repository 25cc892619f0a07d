"""Chronicles: what the entries that concern a member, or a whole portfolio, add up to. Pure.

A chronicle has no tables. Its state is folded from entries, at whatever moment somebody asks about, beginning at the nearest
snapshot; so the past is told by the code that tells the present, and costs about the same. Folds see facts in the order of the
log, each already as corrections left it, unless they ask to see corrections themselves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import msgspec

from portfolio_projector.folding.facts import Fact

State = TypeVar("State")
Struct = TypeVar("Struct", bound=msgspec.Struct)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chronicle(Generic[State]):
    """How a chronicle folds, and how its state becomes bytes and is read again.

    `fold` changes the state by one fact, and knows no clock: what depends on a day is worked out from the state when somebody
    asks. `version` changes with every change of what the fold makes of facts, or of the state's shape; snapshots of another
    version are not looked at. `corrections`: `applied` gives `fold` facts as they were corrected, in the place and at the time of
    the original; `seen` gives it what was recorded, corrections after what they correct, with `corrects` set.
    """

    name: str
    version: int
    types: frozenset[str]
    begin: Callable[[], State]
    fold: Callable[[State, Fact], None]
    freeze: Callable[[State], bytes]
    thaw: Callable[[bytes], State]
    corrections: Literal["applied", "seen"] = "applied"

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
) -> Chronicle[Struct]:
    """Describe a chronicle whose state is a struct: one that is empty without arguments, and holds what MessagePack can hold."""
    decoder = msgspec.msgpack.Decoder(state)
    return Chronicle(
        name=name,
        version=version,
        types=types,
        begin=state,
        fold=fold,
        freeze=msgspec.msgpack.Encoder(order="deterministic").encode,
        thaw=decoder.decode,
        corrections=corrections,
    )


def in_force(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts, given in the order of the log, as the corrections among them leave them.

    The last correction of a fact says what it says, in the original's place and at its time. One whose original is not among the
    facts stands for itself.
    """
    places = dict[int, int]()
    found = list[Fact]()
    for fact in facts:
        place = None if fact.corrects is None else places.get(fact.corrects)
        if place is None:
            places[fact.number] = len(found)
            found.append(fact)
        else:
            places[fact.number] = place
            found[place] = found[place].restated(fact)
    return found
