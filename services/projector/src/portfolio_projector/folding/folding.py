"""The pure part of a read model: its name, its version, and how it folds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from portfolio_projector.folding.facts import Fact


class Kept(Protocol):
    """A state that serves one batch after the other, so that rows need not be loaded again for each of them."""

    @property
    def size(self) -> int:
        """How many bytes it takes between batches, about."""
        ...

    def keep(self) -> None:
        """Take all changes as stored."""
        ...

    def forget(self, share: float) -> None:
        """Forget about so large a share of what is known, first what was not asked for lately."""
        ...


State = TypeVar("State", bound=Kept)


@dataclass(frozen=True, kw_only=True, slots=True)
class Folding(Generic[State]):
    """How a read model folds.

    `begin(complete)` returns an empty state: one that knows everything, or one that knows what is loaded into it. `fold`
    changes it by one fact; same facts, same rows. `version` changes with every change of what the fold makes of them.
    """

    name: str
    version: int
    types: frozenset[str] | None
    """The types that it folds; None for one that keeps every entry and reads no bodies."""
    begin: Callable[[bool], State]
    fold: Callable[[State, Fact], None]

    @property
    def label(self) -> str:
        """How answers name the read model and its version."""
        return f"{self.name}/{self.version}"

    def folds(self, fact: Fact) -> bool:
        """Tell whether it looks at a fact; refusals change nothing but the model that keeps every entry."""
        return self.types is None or (fact.recorded and fact.type in self.types)
