"""The rules of a work package, which is born when a baseline that plans it is approved."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain.decider import Decision, Fact, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.events.work_package import (
    ProgressCorrected,
    ProgressReported,
    WorkPackageCompleted,
    WorkPackageConverted,
    WorkPackageDropped,
    WorkPackageEvent,
    WorkPackageReopened,
    WorkPackageStarted,
)

ALL_OF_IT = Decimal(1)
DAY_BEGINS_EARLIER_MAX = timedelta(hours=14)
"""So long before it begins in UTC a day begins somewhere on earth."""


class WorkPackage(SubjectState, frozen=True):
    """A work package of an initiative: how far it is, and what the current baseline says of it.

    `waits_for` are the work packages that must be completed before it starts; `budget` is in minor units. `since` is when it was
    started, completed or reopened last; `fraction` the last one reported, from which it does not fall.
    """

    initiative: str
    ev_method: str
    budget: int
    waits_for: tuple[str, ...] = ()
    state: Literal["Planned", "Started", "Completed", "Removed", "Converted", "Dropped"] = "Planned"
    since: datetime | None = None
    fraction: str = "0"

    @property
    def member(self) -> str:
        """Its initiative."""
        return self.initiative

    @property
    def is_open(self) -> bool:
        """Tell whether something of it is left to do."""
        return self.state in ("Planned", "Started")


KINDS: Mapping[str, type[State]] = {"work-package": WorkPackage}


def reads(fact: Fact, data: WorkPackageEvent, states: States) -> Iterable[str]:
    """Name the other subjects that the rules look at."""
    own = of(states, fact.subject)
    return own.waits_for if own and isinstance(data, WorkPackageStarted) else ()


def evolve(fact: Fact, data: WorkPackageEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the work package."""
    own = of(states, fact.subject)
    if own is None:
        return {}
    match data:
        case WorkPackageStarted():
            changed = replace(own, state="Started", since=_started_at(fact, data))
        case ProgressReported() | ProgressCorrected():
            changed = replace(own, fraction=data.fraction)
        case WorkPackageCompleted():
            changed = replace(own, state="Completed", since=fact.time, fraction="1")
        case WorkPackageReopened():
            changed = replace(own, state="Started", since=fact.time, fraction="0")
        case WorkPackageConverted():
            changed = replace(own, state="Converted")
        case WorkPackageDropped():
            changed = replace(own, state="Dropped")
        case _:
            assert_never(data)
    return {fact.subject: changed}


def decide(fact: Fact, data: WorkPackageEvent, states: States) -> Decision:
    """Judge a fact about a work package."""
    own = of(states, fact.subject)
    if own is None or own.state in ("Removed", "Converted", "Dropped"):
        return Refused(codes.UNKNOWN_WORK_PACKAGE, f"{fact.subject} is in no current baseline: approve one that plans it before.")
    if isinstance(data, WorkPackageStarted):
        return _decide_started(fact, data, own, states)
    if own.since is None:
        return Refused(codes.WRONG_STATE, f"{fact.subject} was not started yet: state WorkPackageStarted first.")
    early = codes.DATES_DISAGREE if fact.time < own.since else None
    match data:
        case ProgressReported():
            if fact.corrects is None and Decimal(data.fraction) < Decimal(own.fraction):
                detail = f"{fact.subject} was at {own.fraction} and is reported at {data.fraction}."
                return Refused(codes.PROGRESS_FELL, detail)
            return accept(early)
        case ProgressCorrected():
            return accept(early)
        case WorkPackageConverted() | WorkPackageDropped():
            return accept()
        case WorkPackageCompleted():
            return _decide_completed(fact.subject, own) or accept(early)
        case WorkPackageReopened():
            if own.state != "Completed":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {own.state}; only what is completed is reopened.")
            return accept(early)
        case _:
            assert_never(data)


def of(states: States, key: str) -> WorkPackage | None:
    """Return a work package's state, None where no baseline ever planned it."""
    state = states.get(key)
    return state if isinstance(state, WorkPackage) else None


def _started_at(fact: Fact, data: WorkPackageStarted) -> datetime:
    start = data.actual_start
    if start is None:
        return fact.time
    return start if isinstance(start, datetime) else datetime.combine(start, time(), UTC) - DAY_BEGINS_EARLIER_MAX


def _decide_started(fact: Fact, data: WorkPackageStarted, own: WorkPackage, states: States) -> Decision:
    if own.state != "Planned":
        return Refused(codes.WRONG_STATE, f"{fact.subject} was started already; ProgressReported says how far it is.")
    others = [of(states, key) for key in own.waits_for]
    waiting = any(other is not None and other.state not in ("Completed", "Removed") for other in others)
    ahead = fact.time < _started_at(fact, data)
    return accept(codes.OUT_OF_SEQUENCE if waiting else None, codes.DATES_DISAGREE if ahead else None)


def _decide_completed(subject: str, own: WorkPackage) -> Refused | None:
    if own.state == "Completed":
        return Refused(codes.WRONG_STATE, f"{subject} is completed already; only WorkPackageReopened changes that.")
    if own.ev_method in ("0/100", "milestone_weights") and Decimal(own.fraction) < ALL_OF_IT:
        detail = f"{subject} earns its value by {own.ev_method} and is at {own.fraction}: report a fraction of 1 first."
        return Refused(codes.NOT_COMPLETE, detail)
    return None
