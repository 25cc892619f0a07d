"""Acts: who said or did something, when it was true, in which entry, and why; as chronicles remember it. Pure."""

from datetime import datetime

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
