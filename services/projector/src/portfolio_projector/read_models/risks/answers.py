"""The answer about risks and issues, and how it is made of what is known. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time, newest
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.metrics import definitions, metric
from portfolio_projector.metrics.exposure import Assessed, exposure, total
from portfolio_projector.metrics.metric import MoneyMetric, NumberMetric, Sum
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.risks.state import Assessment, Carried, Issue, Risk, Risks, RiskState


class RiskAssessmentAnswer(BaseModel):
    """How likely it was thought to be, what it would cost, and what that makes."""

    probability: str
    impact_money: Sum | None
    impact_days: int | None
    exposure: MoneyMetric
    assessed: Act


class ResponseAnswer(BaseModel):
    """What was to be done about it."""

    response: Literal["avoid", "reduce", "transfer", "accept", "exploit"]
    owner: str | None
    plan: str | None
    planned: Act


class RiskAcceptanceAnswer(BaseModel):
    """It is lived with until the end of a day."""

    until: date
    over: bool = Field(description="whether the day is past, and it waits to be looked at again")
    proposed_by: str
    accepted: Act


class CarriedAnswer(BaseModel):
    """It went along when its member became another."""

    before: str
    to: str
    carried: Act


class RiskAnswer(BaseModel):
    """A risk, and what was thought of it when."""

    risk: str
    member: str = Field(description="whose it is now")
    title: str
    category: str
    description: str | None
    owner: str | None
    state: RiskState
    open: bool
    exposure: MoneyMetric = Field(description="by the last assessment, whether it is open or not")
    exposure_days: NumberMetric
    issue: str | None = Field(description="the issue that it became")
    acceptance: RiskAcceptanceAnswer | None
    identified: Act
    ended: Act | None
    assessments: list[RiskAssessmentAnswer] = Field(description="by when they were made; the last one holds")
    responses: list[ResponseAnswer]
    carried: list[CarriedAnswer]


class EscalationAnswer(BaseModel):
    """It was put before somebody who can decide more."""

    to: str
    escalated: Act


class IssueAnswer(BaseModel):
    """An issue: what has happened and wants an answer."""

    issue: str
    member: str = Field(description="whose it is now")
    title: str
    severity: int
    description: str | None
    owner: str | None
    open: bool
    risks: list[str] = Field(description="the risks that became it")
    opened: Act
    escalations: list[EscalationAnswer]
    resolution: str | None
    resolved: Act | None
    carried: list[CarriedAnswer]


class ExposureAnswer(BaseModel):
    """What open risks may cost."""

    open: int
    unassessed: int = Field(description="open risks that nobody has assessed: they are not in the sums")
    materialised: int
    closed: int
    exposure: MoneyMetric
    exposure_days: NumberMetric


class MemberExposure(ExposureAnswer):
    """The risks of one member."""

    member: str


class CurrencyExposure(BaseModel):
    """What open risks may cost in another currency than the portfolio's."""

    currency: str
    exposure: MoneyMetric


class RisksAnswer(Answer, ExposureAnswer):
    """The register of risks, the worst exposure of open ones first, and issues, the open and worst first."""

    other_currencies: list[CurrencyExposure]
    members: list[MemberExposure]
    risks: list[RiskAnswer]
    issues: list[IssueAnswer]
    next_cursor: str | None = Field(description="goes on with both lists")


def answer(state: Risks, today: date, member: str | None, paging: Paging) -> dict[str, Any]:
    """Return the register, of one member where one is named, and a page of it; sums are of all of it."""
    risks = {name: risk for name, risk in sorted(state.risks.items()) if member in (None, risk.member)}
    issues = {name: issue for name, issue in sorted(state.issues.items()) if member in (None, issue.member)}
    became = dict[str, list[str]]()
    for name, risk in state.risks.items():
        if risk.issue is not None:
            became.setdefault(risk.issue, []).append(name)
    currencies = {one.currency for risk in risks.values() for one in in_time(risk.assessments)[-1:] if one.currency is not None}
    currency = state.currency or ""
    return {
        **_exposure(risks.values(), currency),
        "other_currencies": [
            {"currency": other, "exposure": _sum(risks.values(), other)} for other in sorted(currencies - {currency})
        ],
        "members": _of_members(_by_member(risks.values()), currency),
        "risks": [_risk(name, risk, currency, today) for name, risk in paging.take("risks", risks.items(), _worst_first)],
        "issues": [
            _issue(name, issue, became.get(name, []))
            for name, issue in paging.take(
                "issues", issues.items(), lambda one: (int(one[1].resolved is not None), one[1].severity, one[0])
            )
        ],
        "next_cursor": paging.next_cursor,
    }


def _in_money(risk: Risk, currency: str | None) -> Assessed | None:
    last = newest(risk.assessments)
    return last and Assessed(last.probability, last.minor if currency in (None, last.currency) else None)


def _in_days(risk: Risk) -> Assessed | None:
    last = newest(risk.assessments)
    return last and Assessed(last.probability, last.days)


def exposures(state: Risks) -> dict[str, Any]:
    """Return what open risks may cost, in all and by member."""
    by_member = _by_member(state.risks.values())
    currency = state.currency or ""
    return {**_exposure(state.risks.values(), currency), "members": _of_members(by_member, currency)}


def _by_member(risks: Iterable[Risk]) -> dict[str, list[Risk]]:
    found = dict[str, list[Risk]]()
    for risk in risks:
        found.setdefault(risk.member, []).append(risk)
    return found


def _of_members(by_member: Mapping[str, list[Risk]], currency: str) -> list[dict[str, Any]]:
    return [{"member": one, **_exposure(of_one, _currency(of_one, currency))} for one, of_one in sorted(by_member.items())]


def _worst_first(named: tuple[str, Risk]) -> Key:
    """Return a key of whole numbers: a probability has six digits at most."""
    name, risk = named
    found = exposure(_in_money(risk, None))
    is_unknown = isinstance(found, Unknown)
    return int(not risk.is_open), int(is_unknown), 0 if is_unknown else -int(Fraction(found) * 1_000_000), name


def _currency(risks: Iterable[Risk], otherwise: str) -> str:
    """Return the currency of a member's risks: all its amounts are in one."""
    return next(
        (last.currency for risk in risks if (last := newest(risk.assessments)) is not None and last.currency is not None),
        otherwise,
    )


def _sum(risks: Iterable[Risk], currency: str) -> dict[str, Any]:
    return metric.money(definitions.RISK_EXPOSURE, total((risk.is_open, _in_money(risk, currency)) for risk in risks), currency)


def _exposure(risks: Iterable[Risk], currency: str) -> dict[str, Any]:
    listed = list(risks)
    opened = [risk for risk in listed if risk.is_open]
    return {
        "open": len(opened),
        "unassessed": sum(not risk.assessments for risk in opened),
        "materialised": sum(risk.state == "Materialised" for risk in listed),
        "closed": sum(risk.state == "Closed" for risk in listed),
        "exposure": _sum(listed, currency),
        "exposure_days": metric.number(definitions.RISK_EXPOSURE_DAYS, total((risk.is_open, _in_days(risk)) for risk in listed)),
    }


def _risk(name: str, risk: Risk, currency: str, today: date) -> dict[str, Any]:
    own = _currency([risk], currency)
    accepted = risk.acceptances[-1] if risk.acceptances and risk.state == "Accepted" else None
    return {
        "risk": name,
        "member": risk.member,
        "title": risk.title,
        "category": risk.category,
        "description": risk.description,
        "owner": risk.owner,
        "state": risk.state,
        "open": risk.is_open,
        "exposure": metric.money(definitions.RISK_EXPOSURE, exposure(_in_money(risk, None)), own),
        "exposure_days": metric.number(definitions.RISK_EXPOSURE_DAYS, exposure(_in_days(risk))),
        "issue": risk.issue,
        "acceptance": accepted
        and {
            "until": accepted.until,
            "over": accepted.until < today,
            "proposed_by": accepted.proposed_by,
            "accepted": act(accepted.act),
        },
        "identified": act(risk.identified),
        "ended": act_or_none(risk.ended),
        "assessments": [_assessment(one, own) for one in in_time(risk.assessments)],
        "responses": [
            {"response": one.response, "owner": one.owner, "plan": one.plan, "planned": act(one.act)}
            for one in in_time(risk.responses)
        ],
        "carried": [_carried(one) for one in risk.carried],
    }


def _assessment(one: Assessment, currency: str) -> dict[str, Any]:
    return {
        "probability": one.probability,
        "impact_money": None if one.minor is None else {"minor": one.minor, "currency": one.currency},
        "impact_days": one.days,
        "exposure": metric.money(
            definitions.RISK_EXPOSURE, exposure(Assessed(one.probability, one.minor)), one.currency or currency
        ),
        "assessed": act(one.act),
    }


def _issue(name: str, issue: Issue, became: list[str]) -> Mapping[str, Any]:
    return {
        "issue": name,
        "member": issue.member,
        "title": issue.title,
        "severity": issue.severity,
        "description": issue.description,
        "owner": issue.owner,
        "open": issue.resolved is None,
        "risks": became,
        "opened": act(issue.opened),
        "escalations": [{"to": one.to, "escalated": act(one.act)} for one in issue.escalations],
        "resolution": issue.resolution,
        "resolved": act_or_none(issue.resolved),
        "carried": [_carried(one) for one in issue.carried],
    }


def _carried(one: Carried) -> dict[str, Any]:
    return {"before": one.before, "to": one.to, "carried": act(one.act)}
