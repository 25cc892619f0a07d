"""Stages and gates of an initiative, and the targets that sources report of items."""

from datetime import date
from typing import Any

import pytest

from portfolio_projector.http.moments import UTC_ZONE
from portfolio_projector.read_models.gates import answers, targets
from portfolio_projector.read_models.gates.fold import GATES
from portfolio_projector.read_models.gates.targets import Distance, ItemAnswer
from tests.chronicles import state_of
from tests.histories import History

APOLLO = "initiative/apollo"
HEAD = {"portfolio": "acme", "entry": 0, "settled": False, "model": "gates/1"}


def initiative() -> History:
    """An initiative with two planned stages."""
    history = History("acme")
    history.add("initiative.initiative-proposed", APOLLO, {"name": "Apollo", "mode": "waterfall", "currency": "EUR"})
    history.add(
        "initiative.stage-planned",
        APOLLO,
        {"stage": "build", "start": "2026-04-01", "finish": "2026-06-30", "tolerance": {"days": 5}},
    )
    history.add(
        "initiative.stage-planned", APOLLO, {"stage": "design", "name": "Design", "start": "2026-02-02", "finish": "2026-02-27"}
    )
    return history


def enter(history: History, stage: str, day: str) -> None:
    """Enter a stage on a day."""
    history.add("initiative.stage-entered", APOLLO, {"stage": stage}, time=f"{day}T09:00:00Z")


def review(history: History, gate: str, decision: str, **data: Any) -> int:  # noqa: ANN401  what a body holds
    """Hold a gate."""
    time = {"time": data.pop("time")} if "time" in data else {}
    body = {"gate": gate, "decision": decision, "proposed_by": "pm", **data}
    return history.add("initiative.gate-review-held", APOLLO, body, actor="board", **time).entry


def shown(history: History, *, today: str = "2026-12-31", effective: str | None = None) -> answers.GatesAnswer:
    """The answer about the initiative, as its model reads it."""
    state = state_of(GATES, history.facts(), effective=None if effective is None else date.fromisoformat(effective))
    content = answers.of_initiative(state, date.fromisoformat(today), UTC_ZONE)
    found = answers.items_of(state, APOLLO)
    shown, more = answers.page(found, "", 100)
    moves = targets.moves_of([known for _, known in found])
    rest = {"initiative": "apollo", "target_moves": moves, "items": shown, "next_cursor": "c" if more else None}
    return answers.GatesAnswer.model_validate({**HEAD, **content, **rest})


def test_stages_are_told_in_the_order_of_their_plans_with_dates_against_the_first_and_the_last() -> None:
    """A stage that was planned anew shows its variance against both plans."""
    history = initiative()
    enter(history, "design", "2026-02-04")
    history.add("initiative.stage-planned", APOLLO, {"stage": "design", "start": "2026-02-04", "finish": "2026-03-10"})
    history.add("initiative.stage-ended", APOLLO, {"stage": "design"}, time="2026-03-13T17:00:00Z")
    design, build = shown(history).stages
    assert [design.stage, build.stage] == ["design", "build"]
    assert (date(2026, 2, 4), date(2026, 3, 13), "ended") == (design.started_on, design.ended_on, design.state)
    assert (design.against_original.start.value, design.against_original.finish.value) == (2, 14)
    assert (design.against_current.start.value, design.against_current.finish.value) == (0, 3)
    assert [date(2026, 2, 27), date(2026, 3, 10)] == [plan.finish for plan in design.plans]
    assert (build.against_current.start.value, build.against_current.start.reason) == (None, "NOT_YET")


def test_a_stage_that_has_not_ended_is_overdue_and_within_its_tolerance_or_not() -> None:
    """What is late is counted to the day of the answer, and is no variance before it has ended."""
    history = initiative()
    enter(history, "build", "2026-04-01")
    for today, overdue, within in (("2026-06-30", 0, True), ("2026-07-05", 5, True), ("2026-07-06", 6, False)):
        design, build = shown(history, today=today).stages
        assert (overdue, within, "NOT_YET") == (build.overdue.value, build.within_tolerance, build.against_current.finish.reason)
        assert design.within_tolerance is None


def test_the_next_stage_waits_for_a_gate_and_for_the_end_of_an_exception() -> None:
    """The standing says what blocks, as the ledger would refuse it."""
    history = initiative()
    assert shown(history).standing.may_enter_next
    enter(history, "design", "2026-02-02")
    assert shown(history).standing.blocked_by == ["GATE"]
    review(history, "G1", "hold")
    assert shown(history).standing.blocked_by == ["GATE"]
    review(history, "G1", "conditional_go", conditions=["Show it to the auditors."])
    assert shown(history).standing.gate_passed
    history.add("initiative.exception-raised", APOLLO, {"dimension": "cost"})
    assert shown(history).standing.blocked_by == ["EXCEPTION_OPEN"]
    history.add("initiative.exception-plan-approved", APOLLO, {"plan": "Spend the reserve."})
    enter(history, "build", "2026-03-05")
    build = shown(history)
    assert (build.standing.stage, build.standing.gate_passed, build.standing.blocked_by) == ("build", False, ["GATE"])
    assert build.stages[0].visits[0].ended_by == "next_stage"


def test_a_review_tells_criteria_decision_evidence_and_both_people() -> None:
    """Who decided and who asked are different people, and a corrected review says what the correction says."""
    history = initiative()
    enter(history, "design", "2026-02-02")
    criteria = [{"id": "drawn", "kind": "must", "met": False}, {"id": "priced", "kind": "should", "met": True}]
    held = review(history, "G1", "recycle", criteria=criteria, evidence=["Draft 2"])
    answer = shown(history)
    (told,) = answer.reviews
    assert (told.stage, told.decision, told.unmet, told.evidence) == ("design", "recycle", ["drawn"], ["Draft 2"])
    assert ("board", "pm", held) == (told.held.by, told.proposed_by, told.held.entry)
    assert [(gate.gate, gate.passed, gate.reviews) for gate in answer.gates] == [("G1", False, 1)]
    better = [{**criteria[0], "met": True}]
    data = {"gate": "G1", "decision": "go", "criteria": better, "proposed_by": "pm"}
    correction = history.add("initiative.gate-review-held", APOLLO, data, actor="chair", corrects=held).entry
    corrected = shown(history)
    assert corrected.standing.gate_passed
    assert [(held, correction, "chair", [])] == [
        (one.held.entry, one.held.corrected_by, one.held.by, one.unmet) for one in corrected.reviews
    ]


def test_a_change_of_mode_leaves_the_stages_as_they_were() -> None:
    """They are history; the answer says when the mode changed."""
    history = initiative()
    enter(history, "design", "2026-02-02")
    data = {
        "to": "agile",
        "release": "release/r1",
        "planned_iterations": 3,
        "iteration_days": 14,
        "release_points": "30",
        "start": "2026-03-02",
        "proposed_by": "pm",
    }
    changed = history.add("initiative.delivery-mode-changed", APOLLO, data).entry
    answer = shown(history)
    assert ("agile", [("agile", changed)]) == (answer.mode, [(one.to, one.changed.entry) for one in answer.mode_changes])
    assert [stage.state for stage in answer.stages] == ["entered", "planned"]


SIDECAR = (
    ("2020-12-17T09:41:09-08:00", "status-reported", {"status": "provisional"}),
    ("2023-02-09T03:48:25-08:00", "status-reported", {"status": "implementeable"}),
    ("2023-02-09T03:48:25-08:00", "stage-reported", {"stage": "alpha"}),
    ("2023-02-09T03:48:25-08:00", "target-set", {"gate": "alpha", "target": "v1.27"}),
    ("2023-02-09T03:48:25-08:00", "target-set", {"gate": "beta", "target": "v1.28"}),
    ("2023-02-09T03:48:25-08:00", "target-set", {"gate": "stable", "target": "v1.30"}),
    ("2023-02-09T03:48:25-08:00", "milestone-reported", {"milestone": "v1.27"}),
    ("2023-03-08T12:38:09-08:00", "status-reported", {"status": "implementable"}),
    ("2023-06-11T22:53:48-07:00", "target-moved", {"gate": "alpha", "target": "v1.28"}),
    ("2023-06-11T22:53:48-07:00", "target-moved", {"gate": "beta", "target": "v1.29"}),
    ("2023-06-11T22:53:48-07:00", "target-moved", {"gate": "stable", "target": "v1.32"}),
    ("2023-06-11T22:53:48-07:00", "milestone-reported", {"milestone": "v1.28"}),
    ("2023-10-05T21:27:33+02:00", "stage-reported", {"stage": "beta"}),
    ("2023-10-05T21:27:33+02:00", "milestone-reported", {"milestone": "v1.29"}),
    ("2024-09-19T16:31:38+01:00", "target-moved", {"gate": "stable", "target": "v1.33"}),
    ("2025-02-04T05:32:58-08:00", "status-reported", {"status": "implemented"}),
    ("2025-02-04T05:32:58-08:00", "stage-reported", {"stage": "stable"}),
    ("2025-02-04T05:32:58-08:00", "milestone-reported", {"milestone": "v1.33"}),
)
"""A real feature of Kubernetes: the history of its enhancement proposal 753, sidecar containers (Apache-2.0)."""


def sidecar(*, effective: str | None = None) -> ItemAnswer:
    """What was reported of it by a day."""
    history = History("acme")
    data = {"product": "product/k8s", "title": "Sidecar Containers", "kind": "feature"}
    history.add("item.item-added", "item/KEP-753", data, time=SIDECAR[0][0])
    for time, what, said in SIDECAR:
        history.add(f"item.item-{what}", "item/KEP-753", said, time=time)
    state = state_of(GATES, history.facts(), effective=None if effective is None else date.fromisoformat(effective))
    ((name, known),) = answers.items_of(state, "product/k8s")
    return ItemAnswer.model_validate(targets.item(name, known))


@pytest.mark.parametrize(
    ("effective", "status", "stage", "gates"),
    [
        ("2022-01-01", "provisional", None, {}),
        ("2023-03-01", "implementeable", "alpha", {"alpha": "v1.27", "beta": "v1.28", "stable": "v1.30"}),
        ("2023-07-01", "implementable", "alpha", {"alpha": "v1.28", "beta": "v1.29", "stable": "v1.32"}),
        ("2024-01-01", "implementable", "beta", {"alpha": "v1.28", "beta": "v1.29", "stable": "v1.32"}),
        ("2025-03-01", "implemented", "stable", {"alpha": "v1.28", "beta": "v1.29", "stable": "v1.33"}),
    ],
)
def test_a_real_feature_stood_where_its_source_said(
    effective: str, status: str, stage: str | None, gates: dict[str, str]
) -> None:
    """By the end of a day, in the source's own words, its typing errors included."""
    item = sidecar(effective=effective)
    assert (status, stage, gates) == (item.status, item.stage, {one.gate: one.target for one in item.targets})


def test_a_real_feature_slipped_by_releases() -> None:
    """Alpha and beta by one release, stable by three in two moves; four changes of a target in all."""
    item = sidecar()
    assert {one.gate: (one.slip.value, one.unit) for one in item.targets} == {
        "alpha": (1, "releases"),
        "beta": (1, "releases"),
        "stable": (3, "releases"),
    }
    assert sum(one.changes for one in item.targets) == 4
    stable = item.targets[-1]
    assert [(move.from_, move.to, move.slip.value) for move in stable.moves] == [
        (None, "v1.30", None),
        ("v1.30", "v1.32", 2),
        ("v1.32", "v1.33", 1),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("v1.30", "v1.33", Distance(3, "releases")),
        ("v1.9", "v1.10", Distance(1, "releases")),
        ("v1.33", "v1.32", Distance(-1, "releases")),
        ("2026-01-30", "2026-03-02", Distance(31, "days")),
        ("v1.33", "v2.0", None),
        ("later", "never", None),
        ("later", "later", Distance(0, None)),
    ],
)
def test_targets_are_compared_where_their_words_can_be(before: str, after: str, expected: Distance | None) -> None:
    """Dates by days, numbered names by their number, and nothing else; what stays the same has not moved."""
    assert expected == targets.distance(before, after)


def test_a_target_that_was_cleared_keeps_its_history() -> None:
    """It is null now; how it moved before is told, and setting it again is no move."""
    history = History("acme")
    for what, said in (("set", "v1.1"), ("moved", "v1.3"), ("cleared", None), ("set", "v1.2")):
        data = {"gate": "beta"} if said is None else {"gate": "beta", "target": said}
        history.add(f"item.item-target-{what}", "item/A", data)
    state = state_of(GATES, history.facts())
    items = answers.items_of(state, "product/pay")
    (target,) = ItemAnswer.model_validate(targets.item(*items[0])).targets
    assert (target.target, target.first_target, target.changes, target.slip.value) == ("v1.2", "v1.1", 1, 1)
    assert targets.moves_of([known for _, known in items]) == {"items": 1, "later": 1, "earlier": 0, "incomparable": 0}


def test_an_item_that_went_to_another_backlog_is_told_there() -> None:
    """Whoever has it has its history."""
    history = History("acme")
    history.add("item.item-target-set", "item/A", {"gate": "beta", "target": "v1"})
    data = {"to": "product/new", "after": None}
    history.add("item.item-transferred", "item/A", data)
    state = state_of(GATES, history.facts())
    assert (answers.items_of(state, APOLLO), [name for name, _ in answers.items_of(state, "product/new")]) == ([], ["A"])


def test_items_are_told_page_by_page() -> None:
    """By name, each once."""
    history = History("acme")
    for name in ("C", "A", "B"):
        history.add("item.item-stage-reported", f"item/{name}", {"stage": "alpha"})
    found = answers.items_of(state_of(GATES, history.facts()), "product/pay")
    first, more = answers.page(found, "", 2)
    last, end = answers.page(found, "B", 2)
    assert ([one["item"] for one in first], more) == (["A", "B"], True)
    assert ([one["item"] for one in last], end) == (["C"], False)
    assert [name for name, _ in answers.items_of(state_of(GATES, history.facts()), "product/pay", "B")] == ["B"]


def test_a_plan_that_is_told_late_does_not_take_the_place_of_a_newer_one() -> None:
    """A stage is planned anew in March, and January's plan is entered afterwards: it is the original, and March's is current."""
    history = initiative()
    for month, start in (("03", "2026-10-05"), ("01", "2026-09-01")):
        plan = {"stage": "roll-out", "start": start, "finish": "2026-12-18"}
        history.add("initiative.stage-planned", APOLLO, plan, time=f"2026-{month}-10T12:00:00Z")
        decision = "go" if month == "03" else "hold"
        review(history, "built", decision, time=f"2026-{month}-10T12:00:00Z")
    enter(history, "roll-out", "2026-10-06")
    (stage,) = (one for one in shown(history).stages if one.stage == "roll-out")
    assert [str(plan.start) for plan in stage.plans] == ["2026-09-01", "2026-10-05"]
    assert (stage.against_original.start.value, stage.against_current.start.value) == (35, 1)
    (gate,) = shown(history).gates
    assert (gate.decision, gate.passed) == ("go", True)
