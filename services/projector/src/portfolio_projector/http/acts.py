"""Acts in answers: who said or did something, when, in which entry, and why."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.folding import acts


class Act(BaseModel):
    """One recorded fact as people ask about it."""

    entry: int
    at: datetime = Field(description="when it was true in the world, in UTC")
    by: str
    reason: str | None
    corrected_by: int | None = Field(description="the entry of the last correction, whose word this is then")


def act(known: acts.Act) -> dict[str, Any]:
    """Return an act as answers show it."""
    return {
        "entry": known.entry,
        "at": known.at,
        "by": known.by,
        "reason": known.reason,
        "corrected_by": known.corrected_by,
    }


def act_or_none(known: acts.Act | None) -> dict[str, Any] | None:
    """Return an act as answers show it, or None where nobody did it yet."""
    return None if known is None else act(known)
