"""The fold of `flow`, and the journeys that are read from it."""

from datetime import date
from typing import Any

import msgspec
import pytest

from portfolio_projector.metrics import flow as formulas
from portfolio_projector.read_models.flow import fold, journeys
from portfolio_projector.read_models.flow.journeys import Journey
from portfolio_projector.read_models.flow.state import Flow
from tests.histories import History
from tests.unit.projector import flows
from tests.unit.projector.flows import read

HOUR = 3_600_000_000


def of(made: History, item: str = "A", **arguments: Any) -> Journey:  # noqa: ANN401  those of `read`
    """The journey of one item."""
    return next(one for one in read(made, **arguments).found if one.item == item)


def days(journey: Journey) -> list[int | None]:
    """The days of January 2018 on which it reached the columns."""
    return [None if day is None else date.fromordinal(day).day for day in journey.passage.reached]


def test_eighteen_items_through_five_states():
    """The cumulative flow, work in progress, cycle times and ages of a published example, to the last digit."""
    made = flows.tell(flows.history(), flows.ENTERED)
    found = read(made).found
    first = date(2018, 1, 1).toordinal()
    table = formulas.cumulative([one.passage for one in found], 7, first, first + 8)
    assert [row[1:6] for row in table] == [
        [16, 0, 0, 0, 0],
        [17, 9, 0, 0, 0],
        [18, 13, 8, 0, 0],
        [18, 14, 10, 3, 0],
        [18, 15, 11, 8, 0],
        [18, 15, 12, 8, 0],
        [18, 15, 12, 8, 2],
        [18, 15, 12, 9, 4],
        [18, 15, 12, 9, 6],
    ]
    assert [row[0] for row in table] == [row[1] for row in table], "who is added is in the first state"
    assert [row[6] for row in table] == [row[5] for row in table], "what is done is in the last state"
    assert [row[2] - row[6] for row in table] == [0, 9, 13, 14, 15, 15, 13, 11, 9]
    cycle_times = {one.item: formulas.cycle_time(one.committed or 0, one.done) for one in found if one.done}
    assert cycle_times == {"A-13": 5, "A-14": 5, "A-15": 5, "A-16": 5, "A-17": 5, "A-18": 4}
    in_turn = sorted(found, key=lambda one: int(one.item.removeprefix("A-")))
    started = [one for one in in_turn if one.is_open and one.committed]
    today = date(2018, 1, 10).toordinal()
    assert {one.item: today - (one.committed or 0) for one in started} == {
        **{f"A-{n}": 8 for n in (4, 7, 8, 9, 10, 11, 12)},
        **{f"A-{n}": 7 for n in (5, 6)},
    }
    assert [one.state for one in started] == ["Committed"] * 3 + ["Build"] * 3 + ["Test"] * 3


@pytest.mark.parametrize("states", [("Committed", "Build", "Test"), ("Backlog", "Committed", "Build", "Test")])
def test_backlog_and_done_are_columns_whether_the_workflow_names_them_or_not(states: tuple[str, ...]):
    """A workflow of the states in between tells the same story."""
    made = flows.tell(flows.history(states=states), flows.ENTERED)
    found = read(made).found
    columns, last = len(states) + 2, date(2018, 1, 9).toordinal()
    row = formulas.cumulative([one.passage for one in found], columns, last, last)[0]
    assert [row[0], *row[-4:]] == [18, 15, 12, 9, 6]


def test_without_a_workflow_the_life_of_an_item_is_one():
    """It is added, ready, started and done; states that a source names are no more than started."""
    made = flows.history(states=())
    flows.happened(made, "A", "2018-01-01", 0, flows.STATES)
    made.add("item.item-ready", "item/A", {}, time="2018-01-02T09:00:00Z")
    made.add("item.item-started", "item/A", {"state": "Doing"}, time="2018-01-03T09:00:00Z")
    assert (days(of(made)), of(made).state) == ([1, 2, 3, None], "Doing")
    made.add("item.item-completed", "item/A", {}, time="2018-01-05T09:00:00Z")
    assert days(of(made)) == [1, 2, 3, 5]


def test_a_workflow_that_is_defined_anew_is_the_one_that_is_told():
    """The last one by the time at which it began to hold; an item in a state that it does not have is committed."""
    made = flows.tell(flows.history(), {"A": ["2018-01-01", "2018-01-02", "2018-01-03"]})
    states = [{"name": "Doing", "active": True, "counts_from": True}, {"name": "Review", "active": False}]
    made.add("product.workflow-defined", "product/pay", {"states": states}, time="2018-01-04T00:00:00Z")
    assert (days(of(made)), of(made).state) == ([1, 2, None, None], "Build")
    late = [{"name": "Old", "active": True}]
    made.add("product.workflow-defined", "product/pay", {"states": late}, time="2018-01-01T00:00:00Z")
    assert journeys.current(flows.folded(made)).version == 2


def started(made: History, state: str, day: str, *, moved_from: str | None = None, active: bool = True) -> None:
    """Tell that item A entered a state."""
    data = {"from": moved_from, "to": state, "active": active}
    made.add("item.item-state-changed", "item/A", data, time=day)


def test_what_goes_back_has_not_reached_what_lies_ahead_and_its_last_entry_counts():
    """Build, test, build, test: in test since the second time; the first time where that convention is chosen."""
    made = flows.tell(flows.history(), {"A": ["2018-01-01", "2018-01-02", "2018-01-03", "2018-01-04"]})
    started(made, "Build", "2018-01-05T09:00:00Z", moved_from="Test")
    assert days(of(made)) == [1, 1, 2, 3, None, None, None]
    started(made, "Test", "2018-01-08T09:00:00Z", moved_from="Build")
    assert days(of(made)) == [1, 1, 2, 3, 8, None, None]
    assert days(of(made, last_entry=False)) == [1, 1, 2, 3, 4, None, None]


def test_what_is_told_late_lands_where_it_belongs():
    """A state that was entered between two others, recorded after both, does not move the item back."""
    made = flows.tell(flows.history(), {"A": ["2018-01-01", "2018-01-02"]})
    started(made, "Test", "2018-01-06T09:00:00Z")
    started(made, "Build", "2018-01-04T09:00:00Z")
    assert (days(of(made)), of(made).state) == ([1, 1, 2, 4, 6, None, None], "Test")


def test_dates_that_disagree_are_kept_as_they_are():
    """Done before it was added, as real sources state it: it is done, and its cycle time is below 0 for whoever counts."""
    made = flows.tell(flows.history(), {"A": ["2018-01-06", "2018-01-07"]})
    made.add("item.item-completed", "item/A", {}, time="2018-01-02T09:00:00Z")
    journey = of(made)
    assert (journey.is_open, days(journey)[2], days(journey)[-1]) == (False, 7, 2)


def test_what_is_reopened_was_not_done_and_its_last_completion_counts():
    """Since its first commitment it is in work; the time until it is begun again is waiting."""
    made = flows.tell(flows.history(), {"A": ["2018-01-01", "2018-01-02", "2018-01-02", "2018-01-02", "2018-01-04"]})
    made.add("item.item-reopened", "item/A", {"after": None}, reason="broken", time="2018-01-05T09:00:00Z")
    assert (of(made).is_open, days(of(made))) == (True, [1, 1, 2, 2, 2, None, None])
    made.add("item.item-started", "item/A", {"state": "Build"}, time="2018-01-06T09:00:00Z")
    made.add("item.item-completed", "item/A", {}, time="2018-01-07T09:00:00Z")
    journey = of(made)
    assert (journey.committed, days(journey)[-1]) == (date(2018, 1, 2).toordinal(), 7)
    assert (journey.active, journey.waiting) == (72 * HOUR, 24 * HOUR)


def test_time_is_work_where_workflow_and_source_say_so_and_waiting_else():
    """A waiting state, a blocked item, and a state where the source says that nobody works are waiting."""
    made = flows.tell(flows.history(), {"A": ["2018-01-01", "2018-01-02"]})
    started(made, "Build", "2018-01-02T19:00:00Z")
    made.add("item.item-blocked", "item/A", {}, reason="no data", time="2018-01-02T20:00:00Z")
    made.add("item.item-unblocked", "item/A", {}, time="2018-01-02T23:00:00Z")
    started(made, "Test", "2018-01-03T01:00:00Z", active=False)
    started(made, "Test", "2018-01-03T02:00:00Z")
    assert (of(made, now="2018-01-03T03:00").active, of(made, now="2018-01-03T03:00").waiting) == (4 * HOUR, 14 * HOUR)
    made.add("item.item-completed", "item/A", {}, time="2018-01-03T04:00:00Z")
    assert (of(made).active, of(made).waiting) == (5 * HOUR, 14 * HOUR)


@pytest.mark.parametrize(("what", "data"), [("dropped", {}), ("merged", {"into": "item/B"})])
def test_what_leaves_undone_has_left(what: str, data: dict[str, Any]):
    """It is neither open nor done; what was dropped counts as done only where that is asked for."""
    made = flows.tell(flows.history(), {"B": ["2018-01-01"], "A": ["2018-01-01", "2018-01-02"]})
    made.add(f"item.item-{what}", "item/A", data, reason="no", time="2018-01-04T09:00:00Z")
    journey = of(made)
    assert (journey.is_open, journey.done, journey.passage.left) == (False, None, date(2018, 1, 4).toordinal())
    done = of(made, with_dropped=True).done
    assert (done is not None) == (what == "dropped")


def test_what_a_split_makes_begins_anew_and_inherits_the_kind():
    """The item that was split has left; its parts are added that day, and count as no addition to the backlog."""
    made = flows.tell(flows.history(), {"A": ["2018-01-01"]})
    into = [{"item": "item/A1", "title": "A1"}, {"item": "item/A2", "title": "A2", "kind": "debt"}]
    made.add("item.item-split", "item/A", {"into": into}, time="2018-01-03T09:00:00Z")
    made.add("item.item-reclassified", "item/A1", {"kind": "defect"}, reason="it is", time="2018-01-03T10:00:00Z")
    told = read(made)
    assert [(one.item, one.kind, one.is_open, days(one)[0]) for one in told.found] == [
        ("A", "feature", False, 1),
        ("A1", "defect", True, 3),
        ("A2", "debt", True, 3),
    ]
    assert (told.added.total(), told.moved.total(), told.dropped.total()) == (1, 0, 0)


def test_an_item_counts_in_the_backlog_in_which_it_is():
    """What goes to another backlog has left; what comes from another counts since then, and is as old as it is."""
    made = flows.tell(flows.history(), {"A": ["2018-01-01", "2018-01-02"]})
    other = {"product": "product/web", "title": "B", "kind": "debt", "after": None}
    made.add("item.item-added", "item/B", other, time="2018-01-02T09:00:00Z")
    made.add("item.item-started", "item/B", {}, time="2018-01-03T09:00:00Z")
    assert [one.item for one in read(made).found] == ["A"]
    moved: dict[str, Any] = {"causationid": 1, "time": "2018-01-05T09:00:00Z"}
    made.add("item.item-transferred", "item/A", {"to": "product/web", "after": None}, **moved)
    made.add("item.item-transferred", "item/B", {"to": "product/pay", "after": None}, **moved)
    left, came = of(made, "A"), of(made, "B")
    assert (left.is_open, left.passage.left) == (False, date(2018, 1, 5).toordinal())
    assert (came.is_open, days(came)[:3], came.committed) == (True, [5, 5, 5], date(2018, 1, 3).toordinal())


def test_what_an_item_was_made_of_elsewhere_is_none_of_this_backlog():
    """Its kind is that of the item that was split, wherever that had been handed over to; nothing of that is counted here."""
    made = flows.history()
    made.add("item.item-added", "item/B", {"product": "product/web", "title": "B", "kind": "debt"}, time="2018-01-02T09:00:00Z")
    made.add("item.item-transferred", "item/B", {"to": "product/app", "after": None}, time="2018-01-03T09:00:00Z")
    into = [{"item": f"item/{name}", "title": name} for name in ("B1", "B2")]
    made.add("item.item-split", "item/B", {"into": into}, time="2018-01-04T09:00:00Z")
    made.add("item.item-transferred", "item/B1", {"to": "product/pay", "after": None}, time="2018-01-05T09:00:00Z")
    told = read(made)
    assert [(one.item, one.kind, one.is_open) for one in told.found] == [("B1", "debt", True)]
    assert (told.added.total(), told.dropped.total()) == (0, 0)


def test_days_are_those_of_the_zone():
    """Half past eleven at night in UTC is the next day in Kyiv, and the day before is another in Los Angeles."""
    made = flows.history()
    data = {"product": "product/pay", "title": "A", "kind": "feature", "after": None}
    made.add("item.item-added", "item/A", data, time="2018-01-02T23:30:00Z")
    made.add("item.item-moved", "item/A", {"after": None}, time="2018-01-03T03:00:00Z")
    found = {zone: read(made, zone=zone) for zone in ("UTC", "Europe/Kyiv", "America/Los_Angeles")}
    assert [days(told.found[0])[0] for told in found.values()] == [2, 3, 2]
    assert [[date.fromordinal(day).day for day in told.moved] for told in found.values()] == [[3], [3], [2]]


def test_the_state_comes_back_from_its_bytes_and_is_small():
    """An item of five steps takes less than 100 bytes beside its name."""
    made = flows.tell(flows.history(), flows.ENTERED)
    state = flows.folded(made)
    frozen = fold.FLOW.freeze(state)
    assert fold.FLOW.thaw(frozen) == state
    assert len(msgspec.msgpack.encode(state.items)) < 100 * len(state.items)


def test_what_nothing_is_known_of_is_passed_over():
    """Under `effective` a fact may be told whose item was not there yet."""
    state = Flow(scope="product/pay")
    made = History("acme")
    made.add("item.item-completed", "item/X", {})
    fold.fold(state, made.facts()[0])
    assert state == Flow(scope="product/pay")
