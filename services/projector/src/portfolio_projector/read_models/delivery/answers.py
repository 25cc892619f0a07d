"""The answer about the delivery of a product, and how it is made of what is known. Pure."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.http import paging
from portfolio_projector.http.acts import Act, act
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.metrics.dora import Window
from portfolio_projector.read_models.delivery.causes import Causes, Made, Method
from portfolio_projector.read_models.delivery.five import FiveAnswer, five
from portfolio_projector.read_models.delivery.service_levels import ServiceLevelAnswer, service_level
from portfolio_projector.read_models.delivery.state import Delivery, DeploymentState, Incident, IncidentState, Judgement
from portfolio_projector.read_models.delivery.windows import Delivered, Followed

DAYS = 90
DAYS_MAX = 3660


class DeploymentAnswer(BaseModel):
    """A deployment into production that succeeded."""

    deployment: str
    scope: str
    version: str | None
    finished_at: datetime
    state: DeploymentState
    rolled_back_at: datetime | None
    rolled_back_to: str | None
    rework_of: str | None = Field(description="the incident that made it necessary")
    incidents: list[str] = Field(description="those that it is taken for the cause of, by anybody or by assumption")
    started: Act


class AttemptsAnswer(BaseModel):
    """How attempts that began in the window ended, in one environment."""

    environment: str
    attempts: int
    succeeded: int
    failed: int
    rolled_back: int
    unfinished: int


class DeliveredChangeAnswer(BaseModel):
    """A change that was merged or deployed in the window, with its stages in minutes."""

    change: str
    repo: str
    authored_at: datetime
    opened_at: datetime | None
    reviewed_at: datetime | None
    merged_at: datetime | None
    deployed_at: datetime | None
    deployment: str | None
    coding: int | None
    pickup: int | None
    review: int | None
    deploy: int | None
    cycle: int | None


class CauseAnswer(BaseModel):
    """The deployment that is taken for the cause of an incident: declared, linked as nearest, or assumed since nobody said."""

    deployment: str
    method: Method


class JudgementAnswer(BaseModel):
    """What somebody took for the cause from then on; a null deployment is a link that was taken away."""

    deployment: str | None
    method: Literal["declared", "nearest"] | None
    judged: Act


class IncidentAnswer(BaseModel):
    """An incident, and what is taken for its cause."""

    incident: str
    title: str
    severity: int
    service: str | None
    member: str = Field(description="whose it is now")
    state: IncidentState
    started_at: datetime
    acknowledged_at: datetime | None
    mitigated_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    cause: CauseAnswer | None
    judgements: list[JudgementAnswer]
    opened: Act


class DeliveryAnswer(Answer, FiveAnswer):
    """The delivery of a product in a window of days: the five metrics, and what they were counted from."""

    product: str
    name: str
    from_: date = Field(alias="from")
    to: date
    days: int
    causes: Causes = Field(description="whose word about causes counts")
    deployments: list[DeploymentAnswer]
    attempts: list[AttemptsAnswer]
    changes: list[DeliveredChangeAnswer]
    incidents: list[IncidentAnswer] = Field(description="those that began in the window, and those laid to its deployments")
    service_levels: list[ServiceLevelAnswer]
    next_cursor: str | None = Field(description="goes on with deployments, changes and incidents")


def window(first: date | None, last: date | None, today: date) -> Window:
    """Return the days that are asked about: those up to today, and 90 of them, where nothing else is said."""
    last = last or (today if first is None or first <= today else first)
    return Window(first or last - timedelta(days=DAYS - 1), last)


def answer(state: Delivery, asked: Window, causes: Causes, moment: Moment, page: Paging) -> dict[str, Any]:
    """Return what is to be said of a delivery in a window, and a page of what it was counted from."""
    seen = Delivered(state, asked, moment.zone, causes)
    laid = dict[str, list[str]]()
    for name, cause in sorted(seen.causes.items()):
        laid.setdefault(cause.deployment, []).append(name)
    shown = set(seen.incidents) | {name for one in seen.deployments for name in laid.get(one, ())}
    return {
        "product": state.scope.partition("/")[2],
        "name": state.name,
        "from": asked.first,
        "to": asked.last,
        "days": asked.days,
        "causes": causes,
        **five(seen),
        "deployments": [
            _deployment(name, one, laid.get(name, []))
            for name, one in page.take("deployments", seen.deployments.items(), _by_finish)
        ],
        "attempts": _attempts(state, seen),
        "changes": [
            _change(name, one) for name, one in page.take("changes", (seen.merged | seen.brought).items(), lambda one: (one[0],))
        ],
        "incidents": [
            _incident(name, state.incidents[name], seen)
            for name in page.take("incidents", shown, lambda name: (paging.moment(state.incidents[name].started_at), name))
        ],
        "service_levels": [service_level(name, level, seen) for name, level in sorted(state.service_levels.items())],
        "next_cursor": page.next_cursor,
    }


def _by_finish(named: tuple[str, Made]) -> Key:
    return paging.moment(named[1].finished_at), named[0]


def _deployment(name: str, one: Made, incidents: list[str]) -> dict[str, Any]:
    known = one.deployment
    return {
        "deployment": name,
        "scope": known.scope,
        "version": known.version,
        "finished_at": one.finished_at,
        "state": known.state,
        "rolled_back_at": known.rolled_back_at,
        "rolled_back_to": known.rolled_back_to,
        "rework_of": known.rework,
        "incidents": incidents,
        "started": act(known.started),
    }


def _attempts(state: Delivery, seen: Delivered) -> list[dict[str, Any]]:
    ended = dict[str, Counter[str]]()
    for one in state.deployments.values():
        if seen.holds(one.started.at):
            counted = ended.setdefault(one.environment, Counter())
            counted[one.state] += 1
            counted["has_succeeded"] += one.has_succeeded
    return [
        {
            "environment": environment,
            "attempts": sum(counted.values()) - counted["has_succeeded"],
            "succeeded": counted["has_succeeded"],
            "failed": counted["Failed"],
            "rolled_back": counted["RolledBack"],
            "unfinished": counted["Started"],
        }
        for environment, counted in sorted(ended.items())
    ]


def _change(name: str, followed: Followed) -> dict[str, Any]:
    times = followed.times
    return {
        "change": name,
        "repo": followed.change.repo,
        "authored_at": times.authored_at,
        "opened_at": times.opened_at,
        "reviewed_at": times.reviewed_at,
        "merged_at": times.merged_at,
        "deployed_at": times.deployed_at,
        "deployment": followed.deployment,
        **followed.stages._asdict(),
    }


def _incident(name: str, incident: Incident, seen: Delivered) -> dict[str, Any]:
    cause = seen.causes.get(name)
    return {
        "incident": name,
        "title": incident.title,
        "severity": incident.severity,
        "service": incident.service,
        "member": incident.member,
        "state": incident.state,
        "started_at": incident.started_at,
        "acknowledged_at": incident.acknowledged_at,
        "mitigated_at": incident.mitigated_at,
        "resolved_at": incident.resolved_at,
        "resolution": incident.resolution,
        "cause": None if cause is None else cause._asdict(),
        "judgements": [_judgement(one) for one in incident.judgements],
        "opened": act(incident.opened),
    }


def _judgement(judgement: Judgement) -> dict[str, Any]:
    return {"deployment": judgement.deployment, "method": judgement.method, "judged": act(judgement.act)}
