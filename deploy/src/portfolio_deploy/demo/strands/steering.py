"""How the policy system is steered: its case, stages and gates, tolerances, an exception, milestones, the reserve."""

from datetime import date, timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import initiatives, plans
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, money

ID = "atlas"
MANAGER, SPONSOR = "p-nadia", "p-otto"
_STAGES = (
    ("design", "Requirements and design", 1.7, 7.0),
    ("build", "Build", 7.0, 14.5),
    ("test", "Migration and test", 14.5, 19.5),
    ("roll-out", "Pilot and roll-out", 19.5, 22.6),
)
_REPLANNED = (("build", 6.8, 16.2), ("test", 16.2, 22.3), ("roll-out", 22.3, 26.8))
_FORECASTS = (
    (9.8, 4, 17.6),
    (11.4, 4, 20.0),
    (13.6, 5, 22.4),
    (16.1, 5, 22.9),
    (19.2, 5, 23.1),
    (21.5, 6, 26.9),
    (23.2, 6, 27.3),
)
"""In which month the end of which stage of the plan was expected in which month."""


def tell(strand: Strand) -> None:
    """Tell what the steering committee decided, and what it was told."""
    _approve_case(strand)
    _go_through_gates(strand)
    _be_an_exception(strand)
    _report(strand)


def _happen(
    strand: Strand,
    months: float,
    name: str,
    actor: str,
    data: Data | None = None,
    *,
    reason: str | None = None,
    expected: str = RECORDED,
) -> None:
    initiatives.happen(strand, ID, strand.days.at(months), name, actor, data, reason=reason, expected=expected)


def _approve_case(strand: Strand) -> None:
    case: Data = {
        "npv": money(3_400_000),
        "payback_months": 52,
        "assumptions": ["The mainframe's contract ends with it.", "No tariff is invented anew on the way."],
        "tolerances": {"cost": money(300_000), "days": 45},
    }
    _happen(strand, 0.75, "business-case-approved", people.BOARD, case)
    for dimension, limits in (("cost", {"cost": money(300_000)}), ("time", {"days": 45})):
        data: Data = {"dimension": dimension, "limits": limits, "proposed_by": MANAGER}
        _happen(strand, 1.5, "tolerance-set", SPONSOR, data)


def _go_through_gates(strand: Strand) -> None:
    for stage, name, start, finish in _STAGES:
        _plan_stage(strand, 1.5, stage, name, start, finish)
    names = {stage: name for stage, name, _, _ in _STAGES}
    for stage, start, finish in _REPLANNED:
        _plan_stage(strand, 12.8, stage, names[stage], start, finish)
    _enter(strand, 1.75, "design")
    data_known, prices_known = ("survey-done", "must"), ("prices-fixed", "should")
    conditions = ["The supplier names his prices for years three to five before anything is ordered."]
    _review(strand, 6.4, "design", "conditional_go", ((*data_known, True), (*prices_known, False)), conditions)
    _happen(strand, 6.6, "stage-ended", MANAGER, {"stage": "design"})
    _enter(strand, 6.8, "build")
    _enter(strand, 14.7, "test", expected="GATE")
    _review(strand, 15.2, "build", "recycle", (("claims-run", "must", False), ("letters-run", "must", True)))
    _review(strand, 16.2, "build", "go", (("claims-run", "must", True), ("letters-run", "must", True)))
    _happen(strand, 16.4, "stage-ended", MANAGER, {"stage": "build"})
    _enter(strand, 16.6, "test")
    untested = (("migrated-twice", "must", True), ("accepted", "must", False), ("load-held", "must", True))
    _review(strand, 22.0, "test", "go", untested, expected="GATE_CRITERIA")
    conditions = [
        "One branch, and no other, until the business has accepted it in writing.",
        "The printer of the pilot branch is mended before the first policy is printed.",
    ]
    _review(strand, 22.3, "test", "conditional_go", untested, conditions)
    _happen(strand, 22.5, "stage-ended", MANAGER, {"stage": "test"})
    _enter(strand, 22.7, "roll-out")


def _plan_stage(strand: Strand, months: float, stage: str, name: str, start: float, finish: float) -> None:
    data: Data = {
        "stage": stage,
        "name": name,
        "start": strand.days.at(start).isoformat(),
        "finish": strand.days.at(finish).isoformat(),
        "tolerance": {"days": 20},
    }
    _happen(strand, months, "stage-planned", MANAGER, data)


def _enter(strand: Strand, months: float, stage: str, expected: str = RECORDED) -> None:
    _happen(strand, months, "stage-entered", MANAGER, {"stage": stage}, expected=expected)


def _review(
    strand: Strand,
    months: float,
    gate: str,
    decision: str,
    criteria: tuple[tuple[str, str, bool], ...],
    conditions: list[str] | None = None,
    expected: str = RECORDED,
) -> None:
    data: Data = {
        "gate": gate,
        "criteria": [{"id": name, "kind": kind, "met": met} for name, kind, met in criteria],
        "decision": decision,
        "evidence": [f"Report on the stage {gate}, version of {strand.days.at(months - 0.1).isoformat()}."],
        "proposed_by": MANAGER,
    }
    if conditions is not None:
        data["conditions"] = conditions
    _happen(strand, months, "gate-review-held", SPONSOR, data, expected=expected)


def _be_an_exception(strand: Strand) -> None:
    """Tell how the supplier's delay ends the mandate, until a plan for it is approved; and what the reserve is drawn for."""
    forecast: Data = {
        "dimension": "time",
        "forecast": {"days": 75},
        "basis": "The supplier's own plan, and what he has delivered since summer.",
    }
    _happen(strand, 11.4, "tolerance-breach-forecast", MANAGER, forecast)
    options = ["Another supplier for the interfaces", "Less in the first roll-out", "A new plan, with more money"]
    _happen(strand, 11.7, "exception-raised", MANAGER, {"dimension": "time", "options": options})
    estimate: Data = {
        "etc": money(3_350_000),
        "finish_forecast": strand.days.at(26.0).isoformat(),
        "basis": "Estimated anew with the supplier, package by package.",
    }
    _happen(strand, 11.9, "estimate-to-complete-reported", MANAGER, estimate)
    decided = days.add_workdays(strand.days.at(12.0), 13)
    plan: Data = {"plan": "A new plan with more money; the supplier pays a tenth of it. Screens for brokers are out for good."}
    initiatives.happen(strand, ID, decided, "exception-plan-approved", people.BOARD, plan)
    drawn: Data = {"amount": money(60_000), "to": "work-package/atlas-integration", "proposed_by": MANAGER}
    why = "A third of the test cases were written anew after the correction."
    _happen(strand, 20.3, "reserve-drawn", SPONSOR, drawn, reason=why)
    estimate = {
        "etc": money(640_000),
        "finish_forecast": strand.days.at(27.0).isoformat(),
        "basis": "What is left of acceptance, and the roll-out as planned.",
    }
    _happen(strand, 22.9, "estimate-to-complete-reported", MANAGER, estimate)


def _report(strand: Strand) -> None:
    """Tell the monthly status, and when the end of a stage of the plan was expected."""
    for month in range(2, days.MONTHS):
        last = strand.days.month(month + 1) - timedelta(days=1)
        data: Data = {"period": f"{last:%Y-%m}", "status_date": last.isoformat()}
        at = days.moment(strand.days.workday(month + 1, 3), 15, strand.chance.randrange(60))
        strand.tell(at, "initiative.reporting-period-closed.v1", f"initiative/{ID}", MANAGER, data, source=plans.SOURCE)
    for months, stage, expected in _FORECASTS:
        data = {"milestone": f"{ID}-m{stage}", "date": strand.days.at(expected).isoformat()}
        _happen(strand, months, "milestone-forecast", MANAGER, data)


def reach(strand: Strand, stage: str, day: date) -> None:
    """Tell that the last package of a stage of the plan was completed."""
    data: Data = {"milestone": f"{ID}-m{stage}", "date": day.isoformat()}
    initiatives.happen(strand, ID, days.add_workdays(day, 1), "milestone-reached", MANAGER, data)
