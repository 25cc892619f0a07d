"""The answers about change requests. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.values import ChangeClass, InitiativeMode
from portfolio_projector.metrics import definitions, metric, reasons
from portfolio_projector.metrics.metric import CountMetric, Sum
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.change_requests.state import (
    Assessment,
    Baseline,
    ChangeRequest,
    ChangeRequests,
    Kind,
    StateName,
    Tranche,
)


class ChangeAssessmentAnswer(BaseModel):
    """What somebody found that the change would mean."""

    cost_delta: Sum | None
    days_delta: int | None
    findings: str
    assessed: Act


class ImplementingBaselineAnswer(BaseModel):
    """A baseline that the request allowed, and what it moved against the one before."""

    version: int
    change_class: ChangeClass
    bac_moved: Sum | None
    finish_moved_days: int | None
    approved: Act


class ChangeTrancheAnswer(BaseModel):
    """Money that the request allowed to be released."""

    tranche_no: int
    amount: Sum
    released: Act


class ChangeRequestAnswer(BaseModel):
    """A change request. Its deltas are those of the last assessment that gave them, else those that were raised."""

    change_request: str
    title: str
    kind: Kind
    state: StateName
    cost_delta: Sum | None
    days_delta: int | None
    scope_delta: str | None
    affected: list[str] = Field(description="work packages")
    raised: Act
    raised_cost_delta: Sum | None
    raised_days_delta: int | None
    assessments: list[ChangeAssessmentAnswer]
    decision: Literal["approved", "rejected"] | None
    decided: Act | None
    implemented: Act | None
    withdrawn: Act | None
    baselines: list[ImplementingBaselineAnswer]
    tranches: list[ChangeTrancheAnswer]
    open_days: CountMetric = Field(description="from the day on which it was raised until its decision, or until now")


class ChangeTotals(BaseModel):
    """Change requests of one state, with the sum of the deltas that are known."""

    state: StateName
    requests: int
    cost_delta: Sum | None = Field(description="null where none is known")
    days_delta: int | None = Field(description="the days add up; whether they lie on the critical path nobody says")


class ChangeRequestsAnswer(Answer):
    """The change register of an initiative, in the order in which the requests were raised."""

    initiative: str
    name: str | None
    mode: InitiativeMode | None
    totals: list[ChangeTotals]
    changes: list[ChangeRequestAnswer]
    next_cursor: str | None


def change(name: str, known: ChangeRequest, currency: str | None, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """Return a change request as answers show it."""
    return {
        "change_request": name,
        "title": known.title,
        "kind": known.kind,
        "state": known.state,
        "cost_delta": _sum(_cost(known), currency),
        "days_delta": _days(known),
        "scope_delta": known.scope,
        "affected": known.affected,
        "raised": act(known.raised),
        "raised_cost_delta": _sum(known.cost, currency),
        "raised_days_delta": known.days,
        "assessments": [_assessment(one, currency) for one in in_time(known.assessments)],
        "decision": None if known.decided is None else "rejected" if known.state == "Rejected" else "approved",
        "decided": act_or_none(known.decided),
        "implemented": act_or_none(known.implemented),
        "withdrawn": act_or_none(known.withdrawn),
        "baselines": [_baseline(one, currency) for one in known.baselines],
        "tranches": [_tranche(one, currency) for one in known.tranches],
        "open_days": metric.count(definitions.CHANGE_OPEN_DAYS, _open_days(known, today, zone)),
    }


def totals(state: ChangeRequests) -> list[dict[str, Any]]:
    """Return how many requests are in each state that there is, and what they would change together."""
    by_state = dict[StateName, list[ChangeRequest]]()
    for known in state.requests.values():
        by_state.setdefault(known.state, []).append(known)
    return [
        {
            "state": name,
            "requests": len(known),
            "cost_delta": _sum(_total([_cost(one) for one in known]), state.currency),
            "days_delta": _total([_days(one) for one in known]),
        }
        for name, known in sorted(by_state.items())
    ]


def selected(state: ChangeRequests, only: StateName | None, after: int) -> list[tuple[str, ChangeRequest]]:
    """Return the requests of a state that were raised after an entry, in that order."""
    found = [(name, known) for name, known in state.requests.items() if known.raised.entry > after]
    return sorted(((name, known) for name, known in found if only in {None, known.state}), key=lambda one: one[1].raised.entry)


def _cost(known: ChangeRequest) -> int | None:
    return next((one.cost for one in reversed(in_time(known.assessments)) if one.cost is not None), known.cost)


def _days(known: ChangeRequest) -> int | None:
    return next((one.days for one in reversed(in_time(known.assessments)) if one.days is not None), known.days)


def _total(found: Sequence[int | None]) -> int | None:
    known = [one for one in found if one is not None]
    return sum(known) if known else None


def _open_days(known: ChangeRequest, today: date, zone: ZoneInfo) -> int | Unknown:
    answered = known.decided or known.withdrawn
    until = today if answered is None else answered.at.astimezone(zone).date()
    days = (until - known.raised.at.astimezone(zone).date()).days
    return days if days >= 0 else reasons.DATES_DISAGREE


def _assessment(known: Assessment, currency: str | None) -> dict[str, Any]:
    return {
        "cost_delta": _sum(known.cost, currency),
        "days_delta": known.days,
        "findings": known.findings,
        "assessed": act(known.act),
    }


def _baseline(known: Baseline, currency: str | None) -> dict[str, Any]:
    return {
        "version": known.version,
        "change_class": known.change_class,
        "bac_moved": _sum(known.bac, currency),
        "finish_moved_days": known.days,
        "approved": act(known.act),
    }


def _tranche(known: Tranche, currency: str | None) -> dict[str, Any]:
    return {"tranche_no": known.number, "amount": _sum(known.minor, currency), "released": act(known.act)}


def _sum(minor: int | None, currency: str | None) -> dict[str, Any] | None:
    return None if minor is None or currency is None else {"minor": minor, "currency": currency}
