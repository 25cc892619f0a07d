"""The burn-up of a backlog in items: four items of jira-agile-metrics, and what leaves a backlog."""

from datetime import date, datetime, timedelta

import pytest

from portfolio_projector.http.moments import UTC_ZONE
from portfolio_projector.read_models.flow import journeys
from portfolio_projector.read_models.flow.fold import FLOW, microseconds
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.iterations.item_lines import ItemBurnUp, UnknownState, item_lines
from tests.chronicles import state_of
from tests.histories import History

PAY = "product/pay"


def step(history: History, item: str, what: str, day: int, **data: str | None) -> None:
    """Let an item take a step on a day of January 2018."""
    body = {("from" if name == "from_" else name): value for name, value in data.items()}
    history.add(f"item.item-{what}", f"item/{item}", body, time=f"2018-01-{day:02}T12:00:00Z")


def four_items() -> History:
    """The minimal fixture of jira-agile-metrics (Deloitte Digital, MIT): four items, of which one is done on the sixth day."""
    history = History("acme")
    history.add("product.product-conceived", PAY, {"name": "Pay", "owner": "eva"}, time="2018-01-01T08:00:00Z")
    states = [
        {"name": "Backlog", "active": False},
        {"name": "Committed", "active": False, "counts_from": True},
        {"name": "Build", "active": True},
        {"name": "Test", "active": True},
    ]
    history.add("product.workflow-defined", PAY, {"states": states}, time="2018-01-01T08:00:00Z")
    for number in range(1, 5):
        item = f"A-{number}"
        step(history, item, "added", number, product=PAY, title=item, kind="feature")
        if number > 1:
            step(history, item, "started", max(number, 3), state="Committed")
    step(history, "A-3", "state-changed", 4, from_="Committed", to="Build")
    step(history, "A-3", "state-changed", 5, from_="Build", to="Test")
    step(history, "A-3", "completed", 6)
    return history


def lines(
    history: History, *, scope_from: str | None = None, done_at: str | None = None, today: str = "2026-01-01"
) -> ItemBurnUp:
    """The burn-up as its model reads it."""
    state = state_of(FLOW, history.facts(), scope=PAY)
    day = date.fromisoformat(today)
    end = microseconds(datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC_ZONE))
    read = journeys.read(state, UTC_ZONE, end, Conventions())
    return ItemBurnUp.model_validate(item_lines(read, day, scope_from, done_at))


def test_the_lines_of_four_items_are_those_of_the_published_example() -> None:
    """Day by day, until the last on which something changed."""
    found = lines(four_items())
    assert [one.date.day for one in found.days] == [1, 2, 3, 4, 5, 6]
    assert [one.scope for one in found.days] == [1, 2, 3, 4, 4, 4]
    assert [one.done for one in found.days] == [0, 0, 0, 0, 0, 1]
    assert found.states == ["Backlog", "Committed", "Build", "Test"]


def test_scope_may_begin_at_a_state_and_be_done_at_another() -> None:
    """An item counts once it has reached the state or any later one."""
    found = lines(four_items(), scope_from="Committed", done_at="Test")
    assert [one.scope for one in found.days] == [0, 0, 2, 3, 3, 3]
    assert [one.done for one in found.days] == [0, 0, 0, 0, 1, 1]
    with pytest.raises(UnknownState, match="no state Review"):
        lines(four_items(), done_at="Review")


def test_what_is_dropped_leaves_the_scope_and_nothing_lies_ahead_of_the_day() -> None:
    """The line goes down; by an earlier day it had not."""
    history = four_items()
    step(history, "A-1", "dropped", 8)
    assert [one.scope for one in lines(history).days][-2:] == [4, 3]
    assert lines(history, today="2018-01-02").days[-1].scope == 2


def test_a_backlog_without_items_has_no_lines() -> None:
    """There is nothing to draw."""
    assert lines(History("acme")).days == []
