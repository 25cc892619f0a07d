"""Acts: who said or did something, when it was true, in which entry, and why; as chronicles remember it. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

import msgspec

from portfolio_projector.folding.facts import Fact


class Act(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One fact as people ask about it. `corrected_by` is the entry that says it otherwise than the first time."""

    entry: int
    at: datetime
    by: str
    reason: str | None = None
    corrected_by: int | None = None


def act_of(fact: Fact) -> Act:
    """Return what a chronicle remembers of who stated a fact."""
    return Act(fact.number, fact.time, fact.actor, fact.reason, fact.corrected_by)


class Stated(Protocol):
    """What somebody stated in an act: it holds from then on, until something else is stated in its place."""

    @property
    def act(self) -> Act:
        """Who stated it, and when it was true."""
        ...


One = TypeVar("One", bound=Stated)


def by_time(one: Stated) -> tuple[datetime, int]:
    """Return the place among statements: by when they were true, however late they were told."""
    return one.act.at, one.act.entry


def in_time(stated: Iterable[One], *, since: datetime | None = None) -> list[One]:
    """Return statements in the order in which they were true; with `since`, none was before that, whatever it says."""
    if since is None:
        return sorted(stated, key=by_time)
    return sorted(stated, key=lambda one: (max(one.act.at, since), one.act.entry))


def newest(stated: Iterable[One]) -> One | None:
    """Return the statement that holds: the last one by when it was true."""
    return max(stated, key=by_time, default=None)
