"""How stages stand against their plans. Pure: dates are days of the portfolio's calendar."""

from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.metrics import definitions, metric, reasons
from portfolio_projector.metrics.metric import CountMetric, Figure
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.gates.state import Gates, Stage, StagePlan, Visit
from portfolio_schemas.values import Money


class Plan(BaseModel):
    """One planning of a stage; the first is the original one, the last the current one."""

    start: date
    finish: date
    cost_tolerance: Money | None
    days_tolerance: int | None
    planned: Act


class Visited(BaseModel):
    """One time that a stage was entered."""

    entered: Act
    ended: Act | None
    ended_by: Literal["statement", "next_stage"] | None = Field(
        description="`next_stage`: nobody said that it had ended before the next was entered"
    )


class Variances(BaseModel):
    """Days against a plan; later is positive."""

    start: CountMetric
    finish: CountMetric


class StageAnswer(BaseModel):
    """A stage with its dates against plan. It was entered once as a rule, and is entered again after a step back."""

    stage: str
    name: str | None
    state: Literal["planned", "entered", "ended"]
    started_on: date | None
    ended_on: date | None
    against_current: Variances
    against_original: Variances
    overdue: CountMetric = Field(description="days past the currently planned finish, of a stage that has not ended")
    within_tolerance: bool | None = Field(description="whether it is late by no more than its tolerance; null without one")
    plans: list[Plan]
    visits: list[Visited]


class StageStanding(BaseModel):
    """Where the initiative stands between its gates, and whether the next stage may be entered."""

    stage: str | None
    since: Act | None
    gate_passed: bool = Field(description="whether a gate was passed since the stage began")
    may_enter_next: bool
    blocked_by: list[Literal["GATE", "EXCEPTION_OPEN"]]
    exception: Act | None = Field(description="the exception that is open")


def standing(state: Gates) -> dict[str, Any]:
    """Return where an initiative stands."""
    stage = None if state.stage is None else state.stages.get(state.stage)
    blocked_by = ["GATE"] if stage is not None and not state.is_passed else []
    if state.exception is not None:
        blocked_by.append("EXCEPTION_OPEN")
    return {
        "stage": state.stage,
        "since": act_or_none(stage.visits[-1].entered if stage is not None and stage.visits else None),
        "gate_passed": state.is_passed,
        "may_enter_next": not blocked_by,
        "blocked_by": blocked_by,
        "exception": act_or_none(state.exception),
    }


def stages(state: Gates, today: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return all stages, by their current plans; those that nobody planned stand where they were entered."""
    shown = [_stage(name, one, today, zone, state.currency) for name, one in state.stages.items()]
    return sorted(shown, key=_place)


def _place(shown: dict[str, Any]) -> tuple[date, str]:
    day = shown["plans"][-1]["start"] if shown["plans"] else shown["started_on"]
    return day or date.max, shown["stage"]


def _stage(name: str, stage: Stage, today: date, zone: ZoneInfo, currency: str | None) -> dict[str, Any]:
    started = _day(stage.visits[0].entered.at, zone) if stage.visits else None
    last = stage.visits[-1].ended if stage.visits else None
    ended = None if last is None else _day(last.at, zone)
    plans = in_time(stage.plans)
    original, current = (plans[0], plans[-1]) if plans else (None, None)
    overdue = _overdue(current, ended, today)
    return {
        "stage": name,
        "name": stage.name,
        "state": "planned" if started is None else "entered" if ended is None else "ended",
        "started_on": started,
        "ended_on": ended,
        "against_current": _variances(current, started, ended),
        "against_original": _variances(original, started, ended),
        "overdue": metric.count(definitions.STAGE_OVERDUE, overdue),
        "within_tolerance": _within(current, ended, overdue),
        "plans": [_plan(plan, currency) for plan in plans],
        "visits": [_visit(visit) for visit in stage.visits],
    }


def _variances(plan: StagePlan | None, started: date | None, ended: date | None) -> dict[str, Figure]:
    return {
        "start": metric.count(definitions.STAGE_START_VARIANCE, _late(plan.start if plan else None, started)),
        "finish": metric.count(definitions.STAGE_FINISH_VARIANCE, _late(plan.finish if plan else None, ended)),
    }


def _late(planned: date | None, actual: date | None) -> int | Unknown:
    if planned is None:
        return reasons.NOT_PLANNED
    return reasons.NOT_YET if actual is None else (actual - planned).days


def _overdue(plan: StagePlan | None, ended: date | None, today: date) -> int | Unknown:
    if plan is None:
        return reasons.NOT_PLANNED
    return reasons.DONE if ended is not None else max((today - plan.finish).days, 0)


def _within(plan: StagePlan | None, ended: date | None, overdue: int | Unknown) -> bool | None:
    if plan is None or plan.days is None:
        return None
    late = (ended - plan.finish).days if ended is not None else overdue
    return None if isinstance(late, Unknown) else late <= plan.days


def _plan(plan: StagePlan, currency: str | None) -> dict[str, Any]:
    return {
        "start": plan.start,
        "finish": plan.finish,
        "cost_tolerance": None if plan.cost is None or currency is None else {"minor": plan.cost, "currency": currency},
        "days_tolerance": plan.days,
        "planned": act(plan.act),
    }


def _visit(visit: Visit) -> dict[str, Any]:
    how = None if visit.ended is None else "next_stage" if visit.is_implied else "statement"
    return {"entered": act(visit.entered), "ended": act_or_none(visit.ended), "ended_by": how}


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
