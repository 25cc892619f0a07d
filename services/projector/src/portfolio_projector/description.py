"""The description of a read model: all that the projector and the read API need to know about one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from fastapi import APIRouter

from portfolio_projector.folding.folding import Folding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from portfolio_projector.folding.facts import Fact
    from portfolio_projector.folding.rows import NotLoaded
    from portfolio_projector.sessions import Connection

State = TypeVar("State")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadModel(Generic[State]):
    """One read model: its fold, its tables, its routes.

    `load` reads the rows that facts touch, and those that a fold asked for, in a few queries; `write` stores what changed.
    """

    folding: Folding[State]
    load: "Callable[[Connection, State, Sequence[Fact], Sequence[NotLoaded]], Awaitable[None]]"
    write: "Callable[[Connection, State], Awaitable[None]]"
    router: APIRouter

    @property
    def name(self) -> str:
        """The name of the read model, which is that of its folder."""
        return self.folding.name
