"""The change register of an initiative."""

from datetime import date
from typing import Any

from portfolio_projector.http.moments import UTC_ZONE
from portfolio_projector.read_models.change_requests import answers
from portfolio_projector.read_models.change_requests.fold import CHANGE_REQUESTS
from portfolio_projector.read_models.change_requests.state import StateName
from tests.chronicles import state_of
from tests.histories import History

APOLLO = "initiative/apollo"


def eur(minor: int) -> dict[str, Any]:
    """An amount."""
    return {"minor": minor, "currency": "EUR"}


def register() -> History:
    """An initiative whose first baseline ends in June."""
    history = History("acme")
    history.add("initiative.initiative-proposed", APOLLO, {"name": "Apollo", "mode": "waterfall", "currency": "EUR"})
    plan(history, 1, 100_00, "2026-06-30")
    approve(history, 1, "initial")
    return history


def plan(history: History, version: int, bac: int, finish: str) -> None:
    """Propose a baseline."""
    part = {"id": "W", "name": "W", "start": "2026-01-05", "finish": finish, "budget_over_time": eur(bac)}
    data = {"version": version, "bac": eur(bac), "work_packages": [part]}
    history.add("initiative.baseline-proposed", APOLLO, data)


def approve(history: History, version: int, change_class: str, request: str | None = None) -> None:
    """Approve a baseline."""
    data: dict[str, Any] = {"version": version, "effective_date": "2026-01-05", "change_class": change_class}
    if request is not None:
        data["change_request"] = f"change-request/{request}"
    history.add("initiative.baseline-approved", APOLLO, data, actor="board")


def ask(history: History, name: str, *, on: str = "2026-02-01", **data: Any) -> int:  # noqa: ANN401  what a body holds
    """Raise a change request."""
    body = {"initiative": APOLLO, "title": name, "kind": "scope", **data}
    subject, time = f"change-request/{name}", f"{on}T12:00:00Z"
    return history.add("change-request.change-request-raised", subject, body, actor="pm", time=time).entry


def answer(history: History, name: str, what: str, data: dict[str, Any] | None = None, **attributes: Any) -> int:  # noqa: ANN401  an envelope's
    """Answer a change request."""
    return history.add(f"change-request.change-request-{what}", f"change-request/{name}", data or {}, **attributes).entry


def changes(
    history: History, *, today: str = "2026-12-31", only: StateName | None = None, after: int = -1
) -> list[answers.ChangeRequestAnswer]:
    """The register, as its model reads it."""
    state = state_of(CHANGE_REQUESTS, history.facts())
    return [
        answers.ChangeRequestAnswer.model_validate(answers.change(name, one, state.currency, date.fromisoformat(today), UTC_ZONE))
        for name, one in answers.selected(state, only, after)
    ]


def test_a_change_is_told_from_the_question_to_the_baseline_that_came_of_it() -> None:
    """Who raised, assessed, decided and when; what was thought to move, and what the baseline moved."""
    history = register()
    raised = ask(history, "CR-1", cost_delta=eur(30_00), days_delta=10, scope_delta="By country", affected=["work-package/W"])
    answer(history, "CR-1", "assessed", {"cost_delta": eur(40_00), "findings": "Dearer."}, actor="ann")
    answer(history, "CR-1", "approved", actor="board")
    plan(history, 2, 150_00, "2026-07-15")
    approve(history, 2, "scope_change", "CR-1")
    done = answer(history, "CR-1", "implemented")
    (one,) = changes(history)
    assert one.state == "Implemented"
    assert one.cost_delta is not None
    assert one.raised_cost_delta is not None
    assert (one.cost_delta.minor, one.raised_cost_delta.minor, one.days_delta) == (40_00, 30_00, 10)
    assert (one.scope_delta, one.affected) == ("By country", ["work-package/W"])
    assert (one.raised.entry, one.raised.by, one.assessments[0].assessed.by) == (raised, "pm", "ann")
    assert one.decided is not None
    assert one.implemented is not None
    assert (one.decision, one.decided.by, one.implemented.entry) == ("approved", "board", done)
    (moved,) = one.baselines
    assert moved.bac_moved is not None
    assert (moved.version, moved.change_class) == (2, "scope_change")
    assert (moved.bac_moved.minor, moved.finish_moved_days, moved.approved.by) == (50_00, 15, "board")


def test_a_change_that_was_rejected_or_withdrawn_says_why() -> None:
    """The register keeps what was never done."""
    history = register()
    ask(history, "CR-1")
    answer(history, "CR-1", "rejected", reason="By mail only.")
    ask(history, "CR-2")
    answer(history, "CR-2", "approved")
    answer(history, "CR-2", "withdrawn", reason="Not any more.")
    rejected, withdrawn = changes(history)
    assert rejected.decided is not None
    assert (rejected.state, rejected.decision, rejected.decided.reason) == ("Rejected", "rejected", "By mail only.")
    assert withdrawn.withdrawn is not None
    assert (withdrawn.state, withdrawn.decision, withdrawn.withdrawn.reason) == ("Withdrawn", "approved", "Not any more.")


def test_a_change_is_open_until_its_decision() -> None:
    """Days are counted to the decision, or to the day of the answer."""
    history = register()
    ask(history, "CR-1", on="2026-03-01")
    ask(history, "CR-2", on="2026-03-01")
    ask(history, "CR-3", on="2026-05-01")
    answer(history, "CR-1", "approved", time="2026-03-11T12:00:00Z")
    days = [(one.open_days.value, one.open_days.reason) for one in changes(history, today="2026-04-01")]
    assert days == [(10, None), (31, None), (None, "DATES_DISAGREE")]


def test_money_that_a_change_released_stands_with_it() -> None:
    """An initiative has another tranche only by a change request of its own."""
    history = register()
    ask(history, "CR-1")
    data = {
        "member": APOLLO,
        "tranche_no": 2,
        "amount": eur(5_00),
        "valid_from": "2026-04-01",
        "valid_to": "2026-06-30",
        "change_request": "change-request/CR-1",
        "proposed_by": "pm",
    }
    history.add("funding.tranche-released", "funding/apollo-2", data)
    (one,) = changes(history)
    assert [(tranche.tranche_no, tranche.amount.minor) for tranche in one.tranches] == [(2, 5_00)]


def test_the_register_is_told_by_state_and_page_by_page() -> None:
    """In the order in which requests were raised, with what they would change together."""
    history = register()
    first = ask(history, "B", cost_delta=eur(3_00))
    ask(history, "A", cost_delta=eur(-1_00), days_delta=4)
    ask(history, "C")
    answer(history, "C", "rejected", reason="No.")
    assert [one.change_request for one in changes(history)] == ["B", "A", "C"]
    assert [one.change_request for one in changes(history, after=first)] == ["A", "C"]
    assert [one.change_request for one in changes(history, only="Rejected")] == ["C"]
    told = [answers.ChangeTotals.model_validate(one) for one in answers.totals(state_of(CHANGE_REQUESTS, history.facts()))]
    sums = [(one.state, one.requests, one.cost_delta and one.cost_delta.minor, one.days_delta) for one in told]
    assert sums == [("Raised", 2, 2_00, 4), ("Rejected", 1, None, None)]


def test_an_answer_to_what_is_not_known_is_passed_over() -> None:
    """By the end of a day a request may not have been raised that was answered."""
    history = register()
    answer(history, "CR-9", "approved")
    approve(history, 1, "administrative", "CR-9")
    assert changes(history) == []


def test_an_assessment_that_is_told_late_does_not_take_the_place_of_a_newer_one():
    """What was found in January is entered after what was found in March: that of March holds."""
    history = register()
    ask(history, "C", on="2026-01-02")
    for month, cost in (("03", 30), ("01", 10)):
        data = {"cost_delta": eur(cost), "days_delta": cost, "findings": "So much."}
        history.add("change-request.change-request-assessed", "change-request/C", data, time=f"2026-{month}-10T12:00:00Z")
    state = state_of(CHANGE_REQUESTS, history.facts(), APOLLO)
    (total,) = answers.totals(state)
    assert (total["cost_delta"]["minor"], total["days_delta"]) == (30, 30)
