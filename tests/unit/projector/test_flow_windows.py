"""What is told of a window of days, and of what is in work now."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, cast
from zoneinfo import ZoneInfo

from portfolio_projector.read_models.flow import in_work, window
from portfolio_projector.read_models.flow.journeys import days_in
from portfolio_projector.read_models.flow.window import Window
from tests.histories import History
from tests.unit.projector import flows
from tests.unit.projector.flows import read

SHARES = [Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)]
JANUARY = date(2017, 12, 31).toordinal()


def days(first: int, last: int, *, over: int = 31, inclusive: bool = False, items_max: int = 100) -> Window:
    """A window in January 2018."""
    return Window(
        first=JANUARY + first, last=JANUARY + last, over=JANUARY + over, shares=SHARES, inclusive=inclusive, items_max=items_max
    )


def told(made: History, asked: Window) -> Mapping[str, Any]:
    """The figures of a window."""
    return cast("Mapping[str, Any]", window.tell(read(made), asked))


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    """One field of each row."""
    return [row[name] for row in rows]


def values(figures: list[dict[str, Any]]) -> dict[str, str | None]:
    """Percentiles by share."""
    return {one["share"]: one["value"] for one in figures}


def test_the_published_example_to_the_last_digit():
    """Work in progress, arrivals, departures and net flow by day; throughput; percentiles; ages and states of what is open."""
    made = flows.tell(flows.history(), flows.ENTERED)
    found = told(made, days(1, 9))
    assert column(found["cfd"], "wip") == [0, 9, 13, 14, 15, 15, 13, 11, 9]
    assert column(found["cfd"], "arrivals") == [0, 9, 4, 1, 1, 0, 0, 0, 0]
    assert column(found["cfd"], "departures") == [0, 0, 0, 0, 0, 0, 2, 2, 2]
    assert column(found["cfd"], "net_flow") == [0, 9, 4, 1, 1, 0, -2, -2, -2]
    assert found["cfd"][4]["states"] == {"Backlog": 18, "Committed": 15, "Build": 11, "Test": 8, "Done": 0}
    assert values(found["cycle_time"]["percentiles"]) == {"0.1": "4.5", "0.5": "5", "0.9": "5"}
    assert {one["item"]: one["cycle_time_days"] for one in found["completed"]} == {
        **dict.fromkeys(["A-13", "A-14", "A-15", "A-16", "A-17"], 5),
        "A-18": 4,
    }
    now = cast("Mapping[str, Any]", in_work.tell(read(made), JANUARY + 10, days(1, 9)))
    assert now["load"]["value"] == 9
    assert {one["item"]: (one["age_days"], one["state"]) for one in now["items"]} == {
        **{f"A-{n}": (7 if n in (5, 6) else 8, "Committed") for n in (4, 5, 6)},
        **{f"A-{n}": (8, "Build") for n in (7, 8, 9)},
        **{f"A-{n}": (8, "Test") for n in (10, 11, 12)},
    }
    assert values(now["age"]) == {"0.1": "7", "0.5": "8", "0.9": "8"}


def test_weeks_begin_on_monday_and_those_without_anything_are_there():
    """Two done on a Sunday, four in the week after, none in the next; only what is whole and over is whole."""
    made = flows.tell(flows.history(), flows.ENTERED)
    weeks = told(made, days(3, 23, over=21))["weeks"]
    assert [(week["week"], week["first_day"], week["last_day"]) for week in weeks] == [
        ("2018-W01", "2018-01-03", "2018-01-07"),
        ("2018-W02", "2018-01-08", "2018-01-14"),
        ("2018-W03", "2018-01-15", "2018-01-21"),
        ("2018-W04", "2018-01-22", "2018-01-23"),
    ]
    assert column(weeks, "throughput") == [2, 4, 0, 0]
    assert column(weeks, "whole") == [False, True, True, False]
    assert weeks[1]["kinds"] == {"feature": 4, "defect": 0, "risk": 0, "debt": 0}


def test_the_day_of_commitment_counts_where_that_is_asked_for():
    """Every cycle time is a day more, and says by which definition."""
    made = flows.tell(flows.history(), flows.ENTERED)
    found = told(made, days(1, 9, inclusive=True))["cycle_time"]
    assert values(found["percentiles"]) == {"0.1": "5.5", "0.5": "6", "0.9": "6"}
    assert found["mean"]["definition"] == "cycle-time-inclusive/1"


def test_what_was_done_before_it_was_committed_is_in_no_figure():
    """It is listed with the reason, and counts as done."""
    made = flows.tell(flows.history(), {"A": ["2018-01-06", "2018-01-07"], "B": ["2018-01-06"]})
    for name in "AB":
        made.add("item.item-completed", f"item/{name}", {}, time="2018-01-02T09:00:00Z")
    found = told(made, days(1, 9))
    assert (found["cycle_time"]["completed"], found["cycle_time"]["excluded"]) == (2, 1)
    assert [(one["item"], one["excluded"]) for one in found["completed"]] == [("A", "DONE_BEFORE_COMMITTED"), ("B", None)]
    assert sum(column(found["weeks"], "throughput")) == 2


def test_without_anything_done_there_is_no_figure_and_a_reason():
    """Neither 0 days nor 0 %: nothing is known."""
    found = told(flows.tell(flows.history(), {"A": ["2018-01-01"]}), days(1, 9))
    nothing = [*found["cycle_time"]["percentiles"], found["cycle_time"]["mean"], *found["distribution"].values()]
    assert {(one["value"], one["reason"]) for one in nothing} == {(None, "NOTHING_DONE")}
    assert (found["flow_efficiency"]["value"], found["flow_efficiency"]["reason"]) == (None, "NO_TIME")
    assert in_work.tell(read(flows.history()), JANUARY + 10, days(1, 9))["load"] == {
        "value": 0,
        "reason": None,
        "definition": "flow-load/1",
    }


def test_churn_is_changes_for_each_item_that_was_open_on_the_average_day():
    """Two added, one moved twice, one dropped on the third of three days: 5 changes, and 2 + 2 + 1 open items on 3 days."""
    made = flows.tell(flows.history(), {"A": ["2018-01-09"], "B": ["2018-01-09"]})
    for _ in range(2):
        made.add("item.item-moved", "item/A", {"after": "item/B"}, time="2018-01-10T09:00:00Z")
    made.add("item.item-dropped", "item/A", {}, reason="no", time="2018-01-11T09:00:00Z")
    week = told(made, days(9, 11))["weeks"][0]
    assert (week["additions"], week["moves"], week["drops"], week["churn"]["value"]) == (2, 2, 1, "3")
    assert told(made, days(9, 11))["churn"]["value"] == "3"


def test_a_limit_says_whether_it_is_kept_and_on_how_many_days_it_was_not():
    """The limit of each day is the one that held then; the last one is compared with what is there now."""
    made = flows.tell(flows.history(), flows.ENTERED)
    for day, limit in ((3, 3), (5, 8)):
        data = {"state": "Committed", "limit": limit, "proposed_by": "bob"}
        made.add("product.wip-limit-set", "product/pay", data, time=f"2018-01-{day:02}T00:00:00Z")
    state = flows.folded(made)
    found = in_work.limits(state, read(made), days_in(ZoneInfo("UTC")), days(1, 9))
    assert [(one["limit"], one["items"], one["exceeded"], one["days_exceeded"]) for one in found] == [(8, 3, False, 2)]


def test_littles_law_warns_and_corrects_nothing():
    """One item a day, each in work for a day, and one that nobody finishes: more is in work than the figures say."""
    entered = {
        f"I-{n}": [f"2018-01-{n:02}", f"2018-01-{n:02}", f"2018-01-{n:02}", f"2018-01-{n:02}", f"2018-01-{n + 1:02}"]
        for n in range(2, 20)
    }
    steady = told(flows.tell(flows.history(), entered), days(5, 15))["littles_law"]
    assert (steady["ratio"]["value"], steady["warning"]) == ("1", None)
    aged = told(flows.tell(flows.history(), {**entered, "Z": ["2018-01-01", "2018-01-02"]}), days(5, 15))["littles_law"]
    assert (aged["average_wip"]["value"], aged["implied_wip"]["value"], aged["ratio"]["value"]) == ("2", "1", "2")
    assert aged["warning"] is not None


def test_only_so_many_items_are_listed():
    """The last that were done, and the oldest that are open; the figures are of all."""
    made = flows.tell(flows.history(), flows.ENTERED)
    found = told(made, days(1, 9, items_max=2))
    assert ([one["item"] for one in found["completed"]], found["cycle_time"]["completed"]) == (["A-17", "A-18"], 6)
