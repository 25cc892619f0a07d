"""The burn-up of a backlog in items: those that reached a column of the flow, and those that reached a later one. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.metrics import flow
from portfolio_projector.read_models.flow.journeys import Journeys
from portfolio_projector.read_models.flow.state import Workflow

DAYS_MAX = 3660


class ItemDay(BaseModel):
    """Both lines at the end of a day, in items."""

    date: date
    scope: int
    done: int


class ItemBurnUp(BaseModel):
    """The lines of a backlog, from its first day to the last on which something changed."""

    states: list[str] = Field(
        description="the states of the workflow, in their order; without one of its own, the life of an item"
    )
    scope_from: str | None = Field(description="the state from which items are in scope; null: as soon as they are added")
    done_at: str | None = Field(description="the state at which items count as done; null: when they are completed")
    days: list[ItemDay]


class UnknownState(ValueError):
    """The workflow has no such state; `name` is that of the parameter which names it."""

    def __init__(self, name: str, state: str, workflow: Workflow) -> None:
        states = ", ".join(one.name for one in workflow.states)
        super().__init__(f"The workflow has no state {state}; it has {states}.")
        self.name = name


def item_lines(journeys: Journeys, today: date, scope_from: str | None, done_at: str | None) -> dict[str, Any]:
    """Return both lines of a backlog.

    Raises:
        UnknownState: when a state is named that the workflow has not.

    """
    workflow = journeys.workflow
    scope = _column(workflow, "scope_from", scope_from, 0)
    done = _column(workflow, "done_at", done_at, len(workflow.states) + 1)
    return {
        "states": [state.name for state in workflow.states],
        "scope_from": scope_from,
        "done_at": done_at,
        "days": list(_days(journeys, today, scope, done)),
    }


def _column(workflow: Workflow, name: str, state: str | None, default: int) -> int:
    if state is None:
        return default
    place = next((place for place, one in enumerate(workflow.states, start=1) if one.name == state), None)
    if place is None:
        raise UnknownState(name, state, workflow)
    return place


def _days(journeys: Journeys, today: date, scope: int, done: int) -> Iterator[dict[str, Any]]:
    passages = [one.passage for one in journeys.found]
    changes = {day for reached, left in passages for day in (*reached, left) if day is not None}
    if not changes:
        return
    first, last = min(changes), min(max(changes), today.toordinal(), min(changes) + DAYS_MAX)
    table = flow.cumulative(passages, len(journeys.workflow.states) + 2, first, last)
    for place, row in enumerate(table):
        yield {"date": date.fromordinal(first + place), "scope": row[scope], "done": row[done]}
