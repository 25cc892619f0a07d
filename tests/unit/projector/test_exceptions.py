"""Tolerances, forecasts of breaches, exceptions, and the management reserve."""

from datetime import date
from decimal import Decimal
from typing import Any

from portfolio_projector.http.moments import UTC_ZONE
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.exceptions import answers
from portfolio_projector.read_models.exceptions.fold import EXCEPTIONS
from portfolio_projector.read_models.exceptions.measured import Measured, measure
from tests.chronicles import state_of, whole
from tests.histories import History

APOLLO = "initiative/apollo"
HEAD = {"portfolio": "acme", "entry": 0, "settled": False, "model": "exceptions/1", "initiative": "apollo"}


def eur(minor: int) -> dict[str, Any]:
    """An amount."""
    return {"minor": minor, "currency": "EUR"}


def initiative(*, bac: int = 100_00, reserve: int | None = 20_00) -> History:
    """An initiative with a baseline until the end of June."""
    history = History("acme")
    history.add("initiative.initiative-proposed", APOLLO, {"name": "Apollo", "mode": "waterfall", "currency": "EUR"})
    part = {"id": "W", "name": "W", "start": "2026-01-05", "finish": "2026-06-30", "budget_over_time": eur(bac)}
    plan: dict[str, Any] = {"version": 1, "bac": eur(bac), "work_packages": [part]}
    if reserve is not None:
        plan["management_reserve"] = eur(reserve)
    say(history, "baseline-proposed", plan)
    say(history, "baseline-approved", {"version": 1, "effective_date": "2026-01-05", "change_class": "initial"})
    return history


def say(history: History, what: str, data: dict[str, Any], **attributes: Any) -> int:  # noqa: ANN401  an envelope's
    """State a fact about the initiative."""
    return history.add(f"initiative.{what}", APOLLO, data, **attributes).entry


def told(
    history: History, *, spent: int = 0, today: str = "2026-12-31", measured: Measured | None = None
) -> answers.ExceptionsAnswer:
    """The answer, as its model reads it."""
    state = state_of(EXCEPTIONS, history.facts())
    content = answers.exceptions(
        state, spent, date.fromisoformat(today), UTC_ZONE, paging=whole(), measured=measured or Measured()
    )
    return answers.ExceptionsAnswer.model_validate({**HEAD, **content})


def test_the_business_case_sets_limits_and_later_statements_replace_them() -> None:
    """Each dimension has its own, and all that were ever set are told."""
    history = initiative()
    say(history, "business-case-approved", {"npv": eur(1), "tolerances": {"cost": eur(10_00), "days": 30}}, actor="board")
    say(history, "tolerance-set", {"dimension": "cost", "limits": {"cost": eur(5_00)}, "proposed_by": "pm"}, actor="board")
    cost, time = told(history).tolerances
    assert cost.limits.cost is not None
    assert (cost.dimension, cost.limits.cost.minor, cost.source, cost.proposed_by, cost.set.by) == (
        "cost",
        5_00,
        "tolerance",
        "pm",
        "board",
    )
    assert [one.source for one in cost.history] == ["business_case", "tolerance"]
    assert (time.dimension, time.limits.days, time.limits.cost) == ("time", 30, None)


def test_a_limit_is_held_against_estimates_and_costs() -> None:
    """An estimate of all remaining work says what it will cost; before there is one, only what is overspent is known."""
    history = initiative()
    say(history, "tolerance-set", {"dimension": "cost", "limits": {"cost": eur(10_00)}, "proposed_by": "pm"})
    for spent, value, reason, exceeded in (
        (100_00, None, "NO_ESTIMATE", None),
        (105_00, 5_00, None, False),
        (111_00, 11_00, None, True),
    ):
        (cost,) = told(history, spent=spent).tolerances
        figure = cost.current.cost
        assert (figure.value and figure.value.minor, figure.reason, cost.exceeded_by_current) == (value, reason, exceeded)
    say(history, "estimate-to-complete-reported", {"etc": eur(50_00)})
    (cost,) = told(history, spent=55_00).tolerances
    assert cost.current.cost.value is not None
    assert (cost.current.cost.value.minor, cost.exceeded_by_current) == (5_00, False)


def test_a_limit_in_days_is_held_against_the_latest_finish_that_is_forecast_for_open_work() -> None:
    """What is completed delays nothing any more."""
    history = initiative()
    say(history, "tolerance-set", {"dimension": "time", "limits": {"days": 10}, "proposed_by": "pm"})
    assert told(history).tolerances[0].current.days.reason == "NO_FORECAST"
    work: dict[str, Any] = {"work_package": "work-package/W", "etc": eur(1)}
    say(history, "estimate-to-complete-reported", {**work, "finish_forecast": "2026-07-20"})
    (time,) = told(history).tolerances
    assert (time.current.days.value, time.exceeded_by_current) == (20, True)
    say(history, "estimate-to-complete-reported", {**work, "finish_forecast": "2026-07-10"})
    (time,) = told(history).tolerances
    assert (time.current.days.value, time.exceeded_by_current) == (10, False)
    history.add("work-package.work-package-completed", "work-package/W", {})
    assert told(history).tolerances[0].current.days.reason == "NO_FORECAST"


def test_an_agile_initiative_is_held_against_all_its_releases() -> None:
    """Their budgets add up, with what was earned before the mode changed; the last of them ends the plan."""
    history = initiative()
    say(history, "tolerance-set", {"dimension": "cost", "limits": {"cost": eur(10_00)}, "proposed_by": "pm"})
    plan: dict[str, Any] = {"planned_iterations": 2, "iteration_days": 10, "release_points": "5", "start": "2026-03-02"}
    say(history, "delivery-mode-changed", {"to": "agile", "release": "release/r1", **plan, "proposed_by": "pm"})
    for name, money in (("r1", {"bac": eur(60_00), "earned": eur(40_00)}), ("r2", {"bac": eur(50_00)})):
        release = {"initiative": APOLLO, "name": name, **plan, **money}
        history.add("release.release-planned", f"release/{name}", release)
    say(history, "estimate-to-complete-reported", {"etc": eur(90_00), "finish_forecast": "2026-03-31"})
    answer = told(history, spent=75_00)
    (cost,) = answer.tolerances
    assert cost.current.cost.value is not None
    assert (cost.current.cost.value.minor, cost.current.days.value, cost.exceeded_by_current) == (15_00, 10, True)
    assert answer.reserve.budget.reason == "NOT_GIVEN"


def test_a_forecast_of_a_breach_is_compared_with_the_limit_of_its_moment() -> None:
    """A limit that is set later does not make it right or wrong."""
    history = initiative()
    forecast = {"dimension": "cost", "forecast": {"cost": eur(7_00)}, "basis": "The rates are dearer."}
    say(history, "tolerance-breach-forecast", forecast)
    for limit in (5_00, 9_00):
        say(history, "tolerance-set", {"dimension": "cost", "limits": {"cost": eur(limit)}, "proposed_by": "pm"})
        say(history, "tolerance-breach-forecast", forecast)
    answer = told(history)
    assert [one.exceeds for one in answer.forecasts] == [None, True, False]
    assert answer.tolerances[0].exceeded_by_forecast is False


def test_limits_of_benefit_are_shares_and_prose_is_not_compared() -> None:
    """A text says what it says."""
    history = initiative()
    for dimension, limit, expected in (
        ("benefit", {"benefit": "0.1"}, {"benefit": "0.25"}),
        ("scope", {"scope": "All countries"}, {"scope": "Two are missing"}),
    ):
        say(history, "tolerance-set", {"dimension": dimension, "limits": limit, "proposed_by": "pm"})
        say(history, "tolerance-breach-forecast", {"dimension": dimension, "forecast": expected, "basis": "Seen."})
    assert [(one.dimension, one.exceeded_by_forecast) for one in told(history).tolerances] == [("benefit", True), ("scope", None)]


def test_there_is_no_mandate_while_an_exception_is_open() -> None:
    """It ends with a plan that somebody else approved."""
    history = initiative()
    assert told(history).has_mandate
    say(history, "exception-raised", {"dimension": "cost", "options": ["Stop"]}, actor="pm", time="2026-03-01T12:00:00Z")
    open_ = told(history, today="2026-03-05")
    assert (open_.has_mandate, open_.exceptions[0].state, open_.exceptions[0].open_days.value) == (False, "open", 4)
    say(history, "exception-plan-approved", {"plan": "Spend the reserve."}, actor="board", time="2026-03-03T12:00:00Z")
    ended = told(history)
    (one,) = ended.exceptions
    assert one.ended is not None
    assert (ended.has_mandate, one.state, one.plan, one.ended.by, one.open_days.value) == (
        True,
        "ended",
        "Spend the reserve.",
        "board",
        2,
    )


def test_the_reserve_is_what_the_baseline_has_less_what_was_drawn() -> None:
    """Each draw names the work package, who asked and who decided; a baseline may have no reserve."""
    history = initiative()
    data = {"amount": eur(7_00), "to": "work-package/W", "proposed_by": "pm"}
    say(history, "reserve-drawn", data, reason="Dearer.", actor="board")
    reserve = told(history).reserve
    assert reserve.left.value is not None
    assert (reserve.left.value.minor, reserve.draws[0].work_package, reserve.draws[0].drawn.by) == (13_00, "W", "board")
    assert told(initiative(reserve=None)).reserve.left.reason == "NOT_GIVEN"
    assert told(History("acme")).reserve.budget.reason == "NOT_GIVEN"


def limited(dimension: str, **limits: Any) -> History:  # noqa: ANN401  a body's
    """An initiative with one limit."""
    history = initiative()
    say(history, "tolerance-set", {"dimension": dimension, "limits": limits, "proposed_by": "pm"}, actor="board")
    return history


def test_a_limit_of_cost_is_held_against_the_rate_so_far_too() -> None:
    """Beside what people estimate, which alone says whether it is exceeded now."""
    for by_cpi, exceeded in ((9_99, False), (10_00, False), (10_01, True)):
        (cost,) = told(limited("cost", cost=eur(10_00)), measured=Measured(cost_by_cpi=by_cpi)).tolerances
        assert cost.current.cost_by_cpi.value is not None
        assert (cost.current.cost_by_cpi.value.minor, cost.exceeded_by_cpi, cost.exceeded_by_current) == (by_cpi, exceeded, None)
    (unknown,) = told(limited("cost", cost=eur(10_00))).tolerances
    assert (unknown.current.cost_by_cpi.reason, unknown.exceeded_by_cpi) == ("NO_BASELINE", None)


def test_a_limit_of_benefits_is_held_against_the_one_that_lacks_most() -> None:
    """Where one was promised and measured."""
    for shortfall, exceeded in ((Decimal("0.2"), False), (Decimal("0.25"), False), (Decimal("0.3"), True)):
        (benefit,) = told(limited("benefit", benefit="0.25"), measured=Measured(shortfall=shortfall)).tolerances
        assert (benefit.current.benefit.value, benefit.exceeded_by_current) == (str(shortfall), exceeded)
    (unknown,) = told(limited("benefit", benefit="0.25")).tolerances
    assert (unknown.current.benefit.reason, unknown.exceeded_by_current) == ("NO_TARGET_SET", None)


def test_a_limit_of_risk_is_held_against_the_exposure_and_not_against_costs() -> None:
    """However much is overspent; and the exposure says nothing of a limit of cost."""
    measured = Measured(cost_by_cpi=500_00, exposure=10_01)
    (risk,) = told(limited("risk", cost=eur(10_00)), spent=900_00, measured=measured).tolerances
    assert (risk.exceeded_by_current, risk.exceeded_by_cpi) == (True, None)
    (risk,) = told(limited("risk", cost=eur(10_01)), spent=900_00, measured=measured).tolerances
    assert risk.exceeded_by_current is False
    (cost,) = told(limited("cost", cost=eur(10_00)), spent=100_00, measured=Measured(exposure=99_00)).tolerances
    assert cost.exceeded_by_current is None


def test_what_is_measured_comes_from_what_other_pages_show() -> None:
    """The estimate at CPI less the budget; the benefit of which most is missing; the exposure; or why there is none."""
    bac, eac = {"value": eur(100), "reason": None}, {"value": eur(125), "reason": None}
    figures = {"bac": bac, "eac_range": {"by_cpi": eac}}
    half, more = ({"target": {}, "gained": {"value": value, "reason": None}} for value in ("0.5", "1.2"))
    unmeasured = {"target": {}, "gained": {"value": None, "reason": "NOT_MEASURED"}}
    unpromised = {"target": None, "gained": {"value": "0", "reason": None}}
    exposure = {"exposure": {"value": eur(7), "reason": None}}
    assert measure(figures, [more, half, unmeasured, unpromised], exposure) == Measured(25, Decimal("0.5"), 7)
    assert measure(figures, [more], exposure).shortfall == 0
    assert measure(None, [unpromised], None) == Measured()
    unknown = {**figures, "eac_range": {"by_cpi": {"value": None, "reason": "NO_COST"}}}
    found = measure(unknown, [unmeasured], {"exposure": {"value": None, "reason": "NOT_ASSESSED"}})
    assert [one.reason for one in found if isinstance(one, Unknown)] == ["NO_COST", "NOT_MEASURED", "NOT_ASSESSED"]


def test_what_is_told_late_does_not_take_the_place_of_what_was_said_after_it() -> None:
    """Limits, an estimate and a forecast of January that are entered after those of March: those of March hold."""
    history = initiative()
    for month, minor in (("03", 30_00), ("01", 10_00)):
        when: dict[str, Any] = {"time": f"2026-{month}-10T12:00:00Z"}
        limits = {"dimension": "cost", "limits": {"cost": eur(minor)}, "proposed_by": "pm"}
        say(history, "tolerance-set", limits, actor="board", **when)
        say(history, "estimate-to-complete-reported", {"etc": eur(90_00 + minor)}, **when)
        late: dict[str, Any] = {"time": f"2026-{month}-11T12:00:00Z"}
        forecast = {"dimension": "cost", "forecast": {"cost": eur(minor - 5_00)}, "basis": "So it looks."}
        say(history, "tolerance-breach-forecast", forecast, **late)
    answer = told(history)
    (cost,) = answer.tolerances
    assert cost.limits.cost is not None
    assert (cost.limits.cost.minor, cost.current.cost.value and cost.current.cost.value.minor) == (30_00, 20_00)
    assert [one.limits.cost and one.limits.cost.minor for one in cost.history] == [10_00, 30_00]
    assert [one.limits and one.limits.cost and one.limits.cost.minor for one in answer.forecasts] == [10_00, 30_00]
