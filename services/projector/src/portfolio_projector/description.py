"""The description of a read model: what the projector needs to know about one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from portfolio_projector.folding.folding import Folding, Kept

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from portfolio_projector.folding.facts import Fact
    from portfolio_projector.folding.rows import NotLoaded
    from portfolio_projector.sessions import Connection

State = TypeVar("State", bound=Kept)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a read model: the attribute of its state that holds the rows, their named tuple, and the columns of the key."""

    name: str
    attribute: str
    row: type[tuple[Any, ...]]
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the row's fields."""
        return getattr(self.row, "_fields")  # noqa: B009  every row is a named tuple, which typing cannot say


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadModel(Generic[State]):
    """One read model: its fold and its tables. Its routes are the module `routes` beside them, which only the read API imports.

    `load` reads the rows that facts touch, and those that a fold asked for, in a few queries; `write` stores what changed;
    `forget` deletes all rows of a portfolio. `tables` are all that it has; one without any cannot be rebuilt beside itself.
    """

    folding: Folding[State]
    load: "Callable[[Connection, State, Sequence[Fact], Sequence[NotLoaded]], Awaitable[None]]"
    write: "Callable[[Connection, State], Awaitable[None]]"
    forget: "Callable[[Connection, str], Awaitable[None]]"
    tables: tuple[Table, ...] = ()

    @property
    def name(self) -> str:
        """The name of the read model, which is that of its folder."""
        return self.folding.name
