"""The rules of an incident. Which deployment caused it is a judgement, which may change; the last one holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections, deployment, matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.events.incident import (
    CauseLinked,
    CauseUnlinked,
    IncidentAcknowledged,
    IncidentCancelled,
    IncidentCarriedOver,
    IncidentEvent,
    IncidentMitigated,
    IncidentOpened,
    IncidentReclassified,
    IncidentReopened,
    IncidentResolved,
)

StateName = Literal["Opened", "Acknowledged", "Mitigated", "Resolved", "Cancelled"]
Life = IncidentAcknowledged | IncidentMitigated | IncidentResolved | IncidentReopened | IncidentCancelled

WORST = 1
_OPEN: tuple[StateName, ...] = ("Opened", "Acknowledged", "Mitigated")
NEXT: Mapping[type[Life], tuple[tuple[StateName, ...], StateName]] = {
    IncidentAcknowledged: (("Opened",), "Acknowledged"),
    IncidentMitigated: (("Opened", "Acknowledged"), "Mitigated"),
    IncidentResolved: (_OPEN, "Resolved"),
    IncidentReopened: (("Resolved",), "Opened"),
    IncidentCancelled: (_OPEN, "Cancelled"),
}
"""For each fact of its life: the states in which it can happen, and the one that it leads to."""


class Incident(SubjectState, frozen=True):
    """An incident: whose, how bad by which entry, since when, in which state since when, and what is taken for its cause."""

    home: str
    severity: int
    severity_by: int
    began_at: datetime
    since: datetime
    state: StateName = "Opened"
    cause: str | None = None
    is_declared: bool = False

    @property
    def member(self) -> str:
        """The initiative or product that it is an incident of."""
        return self.home

    @property
    def is_open(self) -> bool:
        """Tell whether it is not over."""
        return self.state in _OPEN


KINDS: Mapping[str, type[State]] = {"incident": Incident}


def reads(fact: Fact, data: IncidentEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at, and what is taken for its cause where that may not hold any more."""
    known = of(states, fact.subject)
    match data:
        case IncidentOpened():
            return (*matters.keys((data.member,)), *((known.cause,) if known and known.cause else ()))
        case IncidentResolved() | IncidentReopened() | IncidentCancelled():
            return matters.keys((known and known.home,))
        case IncidentCarriedOver():
            return matters.keys((data.to, known and known.home))
        case IncidentReclassified() | IncidentAcknowledged() | IncidentMitigated() | CauseLinked() | CauseUnlinked():
            return ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: IncidentEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into an incident. It is an open matter of its member until it is over."""
    known = of(states, fact.subject)
    if isinstance(data, IncidentOpened):
        return _opened(fact, data, known, states)
    if known is None:
        return {}
    match data:
        case IncidentReclassified():
            return {fact.subject: _reclassified(fact, data.severity, known)}
        case IncidentAcknowledged() | IncidentMitigated() | IncidentResolved() | IncidentReopened() | IncidentCancelled():
            return {} if fact.corrects is not None else _lived(fact, data, known, states)
        case CauseLinked():
            return {fact.subject: replace(known, cause=data.deployment, is_declared=data.method == "declared")}
        case CauseUnlinked():
            return {fact.subject: replace(known, cause=None, is_declared=False)}
        case IncidentCarriedOver():
            moved = replace(known, home=data.to)
            return {fact.subject: moved, **matters.carried(states, known.home, data.to, fact.subject)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: IncidentEvent, states: States) -> Decision:
    """Judge a fact about an incident."""
    known = of(states, fact.subject)
    if isinstance(data, IncidentOpened):
        return _check_restated(fact, data, known, states) or accept(codes.DATES_DISAGREE if fact.time < data.started_at else None)
    if known is None:
        return ACCEPTED
    match data:
        case IncidentReclassified():
            if fact.corrects is None and not known.is_open:
                return Refused(
                    codes.WRONG_STATE, f"{fact.subject} is {known.state}: reopen it before, or correct how bad it was."
                )
            return ACCEPTED
        case IncidentAcknowledged() | IncidentMitigated() | IncidentReopened() | IncidentCancelled():
            return _check_life(fact, data, known) or accept(codes.DATES_DISAGREE if fact.time < known.since else None)
        case IncidentResolved():
            in_order = known.began_at <= data.resolved_at <= fact.time
            return _check_life(fact, data, known) or accept(None if in_order else codes.DATES_DISAGREE)
        case CauseLinked():
            return _decide_linked(fact, data, known, states)
        case CauseUnlinked():
            if known.cause is None:
                return Refused(
                    codes.WRONG_STATE, f"Nothing is taken for the cause of {fact.subject}: there is no link to take back."
                )
            return ACCEPTED
        case IncidentCarriedOver():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Incident | None:
    """Return an incident's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Incident) else None


def _opened(fact: Fact, data: IncidentOpened, known: Incident | None, states: States) -> Mapping[str, State]:
    if known is not None:
        return {fact.subject: replace(_reclassified(fact, data.severity, known), began_at=data.started_at)}
    made = Incident(data.member, data.severity, fact.entry, data.started_at, fact.time, born_at=fact.time)
    return {fact.subject: made, **matters.opened(states, data.member, fact.subject)}


def _reclassified(fact: Fact, severity: int, known: Incident) -> Incident:
    if not corrections.holds(fact, known.severity_by):
        return known
    return replace(known, severity=severity, severity_by=fact.entry)


def _lived(fact: Fact, data: Life, known: Incident, states: States) -> Mapping[str, State]:
    lived = replace(known, state=NEXT[type(data)][1], since=fact.time)
    if lived.is_open == known.is_open:
        return {fact.subject: lived}
    index = matters.opened if lived.is_open else matters.closed
    return {fact.subject: lived, **index(states, known.home, fact.subject)}


def _check_life(fact: Fact, data: Life, known: Incident) -> Refused | None:
    before, _ = NEXT[type(data)]
    if fact.corrects is not None or known.state in before:
        return None
    return Refused(codes.WRONG_STATE, f"{fact.subject} is {known.state}; this follows {' or '.join(before)}.")


def _check_restated(fact: Fact, data: IncidentOpened, known: Incident | None, states: States) -> Refused | None:
    if known is None:
        return None
    if data.member != known.home:
        return corrections.fixed("member", known.home)
    return _check_cause(fact, known.cause, data.started_at, states) if known.cause else None


def _decide_linked(fact: Fact, data: CauseLinked, known: Incident, states: States) -> Decision:
    if known.state == "Cancelled":
        return Refused(codes.WRONG_STATE, f"{fact.subject} is Cancelled: it was no incident, and nothing caused it.")
    if data.method == "nearest" and known.is_declared:
        return Refused(
            codes.CAUSE_DECLARED,
            f"{known.cause} was declared the cause of {fact.subject}: only what is declared, or CauseUnlinked, changes that.",
        )
    cause = deployment.of(states, data.deployment)
    if cause is None or cause.environment != "production":
        where = cause.environment if cause else "nowhere"
        return Refused(codes.NOT_PRODUCTION, f"{data.deployment} went to {where}; what causes an incident went to production.")
    return _check_cause(fact, data.deployment, known.began_at, states) or ACCEPTED


def _check_cause(fact: Fact, named: str, began_at: datetime, states: States) -> Refused | None:
    cause = deployment.of(states, named)
    finished_at = cause.finished_at if cause else None
    if finished_at is not None and finished_at <= began_at:
        return None
    finish = "has not finished" if finished_at is None else f"finished at {finished_at.isoformat()}"
    return Refused(
        codes.CAUSE_LATER, f"{named} {finish}; {fact.subject} began at {began_at.isoformat()}: its cause had finished by then."
    )
