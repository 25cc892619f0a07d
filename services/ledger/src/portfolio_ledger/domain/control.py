"""The rules by which an initiative is controlled: stages and gates, tolerances and exceptions, reserve, milestones, periods."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from portfolio_ledger.domain import baseline
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, accept
from portfolio_schemas import codes
from portfolio_schemas.events.initiative import (
    BusinessCaseApproved,
    EstimateToCompleteReported,
    ExceptionPlanApproved,
    ExceptionRaised,
    GateReviewHeld,
    MilestoneForecast,
    MilestoneReached,
    ReportingPeriodClosed,
    ReserveDrawn,
    StageEnded,
    StageEntered,
    StagePlanned,
    ToleranceBreachForecast,
    ToleranceSet,
)

ControlEvent = (
    BusinessCaseApproved
    | EstimateToCompleteReported
    | ExceptionPlanApproved
    | ExceptionRaised
    | GateReviewHeld
    | MilestoneForecast
    | MilestoneReached
    | ReportingPeriodClosed
    | ReserveDrawn
    | StageEnded
    | StageEntered
    | StagePlanned
    | ToleranceBreachForecast
    | ToleranceSet
)


class Control(State, frozen=True):
    """Where an initiative stands: its stage, whether a gate was passed since that began, an open exception and who raised it."""

    stages: frozenset[str] = frozenset()
    stage: str | None = None
    is_passed: bool = False
    exception_by: str | None = None
    reserve_drawn: int = 0
    reached: frozenset[str] = frozenset()
    status_date: date | None = None
    period: str | None = None


class Proposal(Struct, frozen=True, gc=False):
    """Who proposed an initiative, and who pays for it."""

    proposed_by: str
    sponsor: str | None


KINDS: Mapping[str, type[State]] = {"control": Control}


def key_of(initiative: str) -> str:
    """Return the key of where an initiative stands."""
    return f"control/{initiative}"


def of(states: States, initiative: str) -> Control:
    """Return where an initiative stands."""
    state = states.get(key_of(initiative))
    return state if isinstance(state, Control) else Control()


def reads(fact: Fact) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    return key_of(fact.subject), baseline.current_key(fact.subject)


def evolve(fact: Fact, data: ControlEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into where the initiative stands."""
    known = of(states, fact.subject)
    match data:
        case StagePlanned():
            changed = replace(known, stages=known.stages | {data.stage})
        case StageEntered():
            changed = replace(known, stage=data.stage, is_passed=False)
        case GateReviewHeld():
            changed = replace(known, is_passed=data.decision in ("go", "conditional_go"))
        case ExceptionRaised():
            changed = replace(known, exception_by=fact.actor)
        case ExceptionPlanApproved():
            changed = replace(known, exception_by=None)
        case ReserveDrawn():
            changed = replace(known, reserve_drawn=known.reserve_drawn + data.amount.minor)
        case MilestoneReached():
            changed = replace(known, reached=known.reached | {data.milestone})
        case ReportingPeriodClosed():
            changed = replace(known, status_date=data.status_date, period=data.period)
        case (
            BusinessCaseApproved()
            | EstimateToCompleteReported()
            | MilestoneForecast()
            | StageEnded()
            | ToleranceBreachForecast()
            | ToleranceSet()
        ):
            return {}
        case _:
            assert_never(data)
    return {key_of(fact.subject): changed}


def decide(fact: Fact, data: ControlEvent, proposal: Proposal, states: States) -> Decision:
    """Judge a fact about how an initiative is controlled."""
    known = of(states, fact.subject)
    match data:
        case BusinessCaseApproved():
            return _decide_case(fact, proposal)
        case StagePlanned():
            if data.finish < data.start:
                return Refused(codes.PLAN_ORDER, f"{data.stage} would finish at {data.finish}, before it starts at {data.start}.")
            return ACCEPTED
        case StageEntered():
            return _decide_entered(fact, data, known)
        case StageEnded():
            if data.stage != known.stage:
                return Refused(codes.WRONG_STATE, f"{fact.subject} is in stage {known.stage or 'none'}, not in {data.stage}.")
            return ACCEPTED
        case GateReviewHeld():
            return _decide_gate(fact, data, proposal)
        case ExceptionRaised():
            if known.exception_by is not None:
                return Refused(
                    codes.EXCEPTION_OPEN, f"{fact.subject} is in an exception already: approve a plan for that one before."
                )
            return ACCEPTED
        case ExceptionPlanApproved():
            return _decide_exception_plan(fact, known)
        case ReserveDrawn():
            left = baseline.plan_of(states, baseline.current_key(fact.subject)).reserve - known.reserve_drawn
            if data.amount.minor > left:
                return Refused(
                    codes.OVER_RESERVE,
                    f"{left} minor units are left of the management reserve of {fact.subject}, not {data.amount.minor}.",
                )
            return ACCEPTED
        case EstimateToCompleteReported():
            if data.finish_forecast is not None and data.finish_forecast < fact.time.date():
                return Refused(codes.FORECAST_PAST, f"{data.finish_forecast} is over; what is open cannot be finished then.")
            return ACCEPTED
        case MilestoneForecast() | MilestoneReached():
            if data.milestone in known.reached:
                return Refused(
                    codes.WRONG_STATE,
                    f"{data.milestone} of {fact.subject} is reached already; correct that entry where its day was wrong.",
                )
            return ACCEPTED
        case ReportingPeriodClosed():
            if known.status_date is not None and data.status_date < known.status_date:
                return Refused(
                    codes.PERIOD_ORDER,
                    f"The last period of {fact.subject} ended at {known.status_date}: this one cannot end before it.",
                )
            if (known.status_date, known.period) == (data.status_date, data.period):
                detail = f"The period {data.period} of {fact.subject} ended at {known.status_date} already: correct that entry."
                return Refused(codes.PERIOD_ORDER, detail)
            return ACCEPTED
        case ToleranceBreachForecast() | ToleranceSet():
            return ACCEPTED
        case _:
            assert_never(data)


def _decide_case(fact: Fact, proposal: Proposal) -> Decision:
    if fact.actor == proposal.proposed_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} proposed {fact.subject}: somebody else approves its case.")
    if proposal.sponsor is None:
        return Refused(
            codes.NO_SPONSOR, f"{fact.subject} was proposed without a sponsor: correct InitiativeProposed to name one."
        )
    return ACCEPTED


def _decide_entered(fact: Fact, data: StageEntered, known: Control) -> Decision:
    if known.exception_by is not None:
        return Refused(codes.EXCEPTION_OPEN, f"{fact.subject} is in an exception: approve a plan for it before.")
    if data.stage == known.stage:
        return Refused(codes.WRONG_STATE, f"{fact.subject} is in {data.stage} already: name the stage that it enters.")
    if known.stage is not None and not known.is_passed:
        return Refused(
            codes.GATE,
            f"{fact.subject} passed no gate since {known.stage} began: hold its review before {data.stage} is entered.",
        )
    return accept(None if data.stage in known.stages else codes.UNPLANNED_STAGE)


def _decide_gate(fact: Fact, data: GateReviewHeld, proposal: Proposal) -> Decision:
    if fact.actor == proposal.proposed_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} proposed {fact.subject}: somebody else decides at its gates.")
    unmet = [one.id for one in data.criteria if one.kind == "must" and not one.met]
    if data.decision == "go" and unmet:
        return Refused(
            codes.GATE_CRITERIA, f"{unmet[0]} must be met and is not: {data.gate} cannot be passed without conditions."
        )
    if data.decision == "conditional_go" and not data.conditions:
        return Refused(codes.GATE_CRITERIA, f"Say in `conditions` under which conditions {data.gate} is passed.")
    return ACCEPTED


def _decide_exception_plan(fact: Fact, known: Control) -> Decision:
    if known.exception_by is None:
        return Refused(
            codes.NO_EXCEPTION, f"{fact.subject} is in no exception: state ExceptionRaised before its plan is approved."
        )
    if fact.actor == known.exception_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} raised the exception: somebody else approves the plan.")
    return ACCEPTED
