"""Dependencies between initiatives and products of all modes."""

from datetime import date
from typing import Any

from portfolio_projector.http.moments import UTC_ZONE
from portfolio_projector.read_models.dependencies import answers
from portfolio_projector.read_models.dependencies.answers import CycleAnswer, DependencyAnswer
from portfolio_projector.read_models.dependencies.fold import DEPENDENCIES
from tests.chronicles import state_of
from tests.histories import History

APOLLO, GEMINI, PAY = "initiative/apollo", "initiative/gemini", "product/pay"


def portfolio() -> History:
    """A waterfall initiative until the end of June, an agile one until the 15th of March, and a product."""
    history = History("acme")
    for name, mode in ((APOLLO, "waterfall"), (GEMINI, "agile")):
        history.add("initiative.initiative-proposed", name, {"name": name, "mode": mode, "currency": "EUR"})
    history.add("product.product-conceived", PAY, {"name": "Pay", "owner": "eva"})
    baseline(history, 1, "2026-06-30")
    release = {
        "initiative": GEMINI,
        "name": "R1",
        "planned_iterations": 5,
        "iteration_days": 14,
        "release_points": "10",
        "bac": {"minor": 0, "currency": "EUR"},
        "start": "2026-01-05",
    }
    history.add("release.release-planned", "release/r1", release)
    return history


def baseline(history: History, version: int, finish: str, *milestones: dict[str, str]) -> None:
    """Approve a baseline of the waterfall initiative."""
    part = {"id": "W", "name": "W", "start": "2026-01-05", "finish": finish}
    data = {"version": version, "bac": {"minor": 0, "currency": "EUR"}, "work_packages": [part], "milestones": list(milestones)}
    history.add("initiative.baseline-proposed", APOLLO, data)
    decision = {"version": version, "effective_date": "2026-01-05", "change_class": "initial"}
    history.add("initiative.baseline-approved", APOLLO, decision)


def wait(history: History, name: str, waits: str, awaited: str, kind: str = "needs") -> int:
    """Identify a dependency."""
    data = {"from": waits, "to": awaited, "kind": kind}
    return history.add("dependency.dependency-identified", f"dependency/{name}", data).entry


def say(history: History, name: str, what: str, data: dict[str, Any], **attributes: Any) -> int:  # noqa: ANN401  an envelope's
    """State a fact about a dependency."""
    return history.add(f"dependency.dependency-{what}", f"dependency/{name}", data, **attributes).entry


def told(history: History, *, today: str = "2026-06-01") -> dict[str, DependencyAnswer]:
    """The dependencies as their model reads them."""
    state = state_of(DEPENDENCIES, history.facts())
    names = answers.selected(state, None, None, "")
    shown = answers.dependencies(state, names, answers.cycles_of(state), date.fromisoformat(today), UTC_ZONE)
    return {one["dependency"]: DependencyAnswer.model_validate(one) for one in shown}


def test_a_dependency_names_both_ends_and_by_when_the_one_that_waits_has_promised() -> None:
    """A waterfall initiative by its baseline, an agile one by its release; a product promises no end."""
    history = portfolio()
    entry = wait(history, "D1", APOLLO, PAY)
    wait(history, "D2", GEMINI, APOLLO)
    wait(history, "D3", PAY, APOLLO)
    shown = told(history)
    first = shown["D1"]
    assert (first.state, first.from_.mode, first.to.mode, first.crosses_modes) == ("identified", "waterfall", "product", True)
    assert (first.identified.entry, first.late.reason, first.is_late) == (entry, "NOT_PROMISED", None)
    needed = {name: (one.needed.value, one.needed.basis, one.needed.of, one.needed.reason) for name, one in shown.items()}
    assert needed == {
        "D1": (date(2026, 6, 30), "baseline", "1", None),
        "D2": (date(2026, 3, 15), "release", "release/r1", None),
        "D3": (None, None, None, "NO_END"),
    }


def test_a_new_baseline_moves_what_is_needed() -> None:
    """The current one counts; after a change of mode the release does."""
    history = portfolio()
    wait(history, "D1", APOLLO, PAY)
    baseline(history, 2, "2026-08-31")
    assert told(history)["D1"].needed.value == date(2026, 8, 31)
    change = {
        "to": "agile",
        "release": "release/a1",
        "planned_iterations": 1,
        "iteration_days": 10,
        "release_points": "1",
        "start": "2026-05-01",
        "proposed_by": "pm",
    }
    history.add("initiative.delivery-mode-changed", APOLLO, change)
    assert told(history)["D1"].needed.reason == "NOT_PROMISED"
    release = {"initiative": APOLLO, "name": "A1", "bac": {"minor": 0, "currency": "EUR"}}
    plan = {name: change[name] for name in ("planned_iterations", "iteration_days", "release_points", "start")}
    history.add("release.release-planned", "release/a1", {**release, **plan})
    assert told(history)["D1"].needed.value == date(2026, 5, 10)


def test_a_plan_ends_with_its_last_milestone_where_that_is_later() -> None:
    """As the initiative's own next promise says it."""
    history = portfolio()
    wait(history, "D1", APOLLO, PAY)
    baseline(history, 2, "2026-08-31", {"id": "M", "name": "Handed over", "date": "2026-09-15"})
    assert told(history)["D1"].needed.value == date(2026, 9, 15)


def test_an_end_that_became_another_is_told_with_both() -> None:
    """Either end may; what is pointed elsewhere twice is told twice."""
    history = portfolio()
    wait(history, "D1", APOLLO, PAY)
    say(history, "D1", "repointed", {"old": PAY, "new": GEMINI})
    say(history, "D1", "repointed", {"old": APOLLO, "new": PAY})
    say(history, "D1", "repointed", {"old": APOLLO, "new": GEMINI})
    one = told(history)["D1"]
    assert (one.from_.member, one.to.member) == (PAY, GEMINI)
    assert [(move.end, move.old, move.new) for move in one.repointed] == [("to", PAY, GEMINI), ("from", APOLLO, PAY)]


def test_what_is_fulfilled_is_overdue_no_more() -> None:
    """The answer says when it was."""
    history = portfolio()
    wait(history, "D1", APOLLO, PAY)
    entry = say(history, "D1", "fulfilled", {})
    one = told(history)["D1"]
    assert one.answered is not None
    assert (one.state, one.answered.entry, one.overdue.reason) == ("fulfilled", entry, "DONE")


def test_a_promise_is_told_with_every_move_and_whether_it_is_in_time() -> None:
    """Late is what is promised for after the day that the side that waits has promised itself."""
    history = portfolio()
    wait(history, "D1", APOLLO, PAY)
    say(history, "D1", "committed", {"promise": {"date": "2026-06-15"}}, actor="eva")
    early = told(history)["D1"]
    assert (early.state, early.committed, early.late.value, early.is_late) == ("committed", date(2026, 6, 15), -15, False)
    move = {"old": {"date": "2026-06-15"}, "new": {"date": "2026-07-10"}}
    say(history, "D1", "redated", move, reason="The bank is late.")
    late = told(history, today="2026-07-12")["D1"]
    assert (late.late.value, late.is_late, late.overdue.value, late.slip.value) == (10, True, 2, 25)
    assert [(one.day, one.moved_days, one.stated.reason) for one in late.moves] == [
        (date(2026, 6, 15), None, None),
        (date(2026, 7, 10), 25, "The bank is late."),
    ]
    baseline(history, 2, "2026-07-31")
    assert told(history)["D1"].is_late is False


def test_a_promise_with_a_release_is_as_good_as_the_release() -> None:
    """Its planned last day until it is shipped, and the day of that from then on."""
    history = portfolio()
    wait(history, "D1", APOLLO, GEMINI)
    say(history, "D1", "committed", {"promise": {"release": "release/r1"}})
    say(history, "D1", "redated", {"old": {"release": "release/r1"}, "new": {"release": "release/r9"}}, reason="Later.")
    one = told(history)["D1"]
    assert [(move.day, move.release) for move in one.moves] == [(date(2026, 3, 15), "release/r1"), (None, "release/r9")]
    assert (one.committed, one.committed_with, one.late.reason) == (None, "release/r9", "NOT_PROMISED")
    say(history, "D1", "redated", {"old": {"release": "release/r9"}, "new": {"release": "release/r1"}}, reason="Sooner.")
    history.add("release.release-shipped", "release/r1", {"version": "1"}, time="2026-03-20T12:00:00Z")
    assert told(history)["D1"].committed == date(2026, 3, 20)


def test_what_is_broken_or_withdrawn_says_why() -> None:
    """Nobody waits any more."""
    history = portfolio()
    for name, what in (("D1", "broken"), ("D2", "withdrawn")):
        wait(history, name, APOLLO, PAY)
        say(history, name, what, {}, reason="Gone.")
    shown = told(history)
    assert [(one.state, one.answered and one.answered.reason) for one in shown.values()] == [
        ("broken", "Gone."),
        ("withdrawn", "Gone."),
    ]


def test_those_that_wait_in_a_circle_are_shown() -> None:
    """As long as it is open; what is only shared keeps nobody waiting."""
    history = portfolio()
    wait(history, "D1", APOLLO, PAY)
    wait(history, "D2", PAY, GEMINI)
    wait(history, "D3", GEMINI, APOLLO, "blocks")
    wait(history, "D4", PAY, APOLLO, "shares")
    state = state_of(DEPENDENCIES, history.facts())
    (circle,) = [CycleAnswer.model_validate(one) for one in answers.cycles_of(state)]
    assert (circle.members, circle.dependencies) == (sorted([APOLLO, GEMINI, PAY]), ["D1", "D2", "D3"])
    shown = told(history)
    assert [one.cycle for one in shown.values()] == [0, 0, 0, None]
    assert shown["D4"].needed.reason == "NOTHING_WAITS"
    say(history, "D2", "fulfilled", {})
    assert answers.cycles_of(state_of(DEPENDENCIES, history.facts())) == []


def test_dependencies_are_told_by_member_by_state_and_page_by_page() -> None:
    """By id."""
    history = portfolio()
    wait(history, "D2", APOLLO, PAY)
    wait(history, "D1", GEMINI, PAY)
    say(history, "D1", "fulfilled", {})
    say(history, "D9", "fulfilled", {})
    state = state_of(DEPENDENCIES, history.facts())
    assert answers.selected(state, None, None, "") == ["D1", "D2"]
    assert answers.selected(state, None, None, "D1") == ["D2"]
    assert answers.selected(state, APOLLO, None, "") == ["D2"]
    assert answers.selected(state, None, "fulfilled", "") == ["D1"]


def test_a_promise_that_is_told_late_does_not_take_the_place_of_a_newer_one() -> None:
    """Moved in February and in March, and February's move is entered afterwards: the day is March's, and it moved twice."""
    history = portfolio()
    wait(history, "D", APOLLO, PAY)
    for name, month, old, new in (
        ("committed", "01", None, "2026-05-01"),
        ("redated", "03", "2026-05-11", "2026-05-21"),
        ("redated", "02", "2026-05-01", "2026-05-11"),
    ):
        data = {"promise": {"date": new}} if old is None else {"old": {"date": old}, "new": {"date": new}}
        say(history, "D", name, data, time=f"2026-{month}-10T12:00:00Z", reason="Later.")
    known = told(history)["D"]
    assert known.committed == date(2026, 5, 21)
    assert [move.moved_days for move in known.moves] == [None, 10, 10]


def test_nothing_takes_the_place_of_a_promise_before_it_was_made() -> None:
    """A move that bears an earlier time than the promise moved it all the same."""
    history = portfolio()
    wait(history, "D", APOLLO, PAY)
    say(history, "D", "committed", {"promise": {"date": "2026-05-01"}}, time="2026-02-10T12:00:00Z")
    moved = {"old": {"date": "2026-05-01"}, "new": {"date": "2026-05-11"}}
    say(history, "D", "redated", moved, time="2026-01-10T12:00:00Z", reason="Later.")
    assert told(history)["D"].committed == date(2026, 5, 11)
