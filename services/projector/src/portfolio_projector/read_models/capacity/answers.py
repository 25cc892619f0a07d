"""The answer about capacity, and how it is made of what is known. Pure."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time, newest
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Paging
from portfolio_projector.metrics import definitions, funding, metric
from portfolio_projector.metrics.metric import Known, NumberMetric
from portfolio_projector.metrics.reasons import NO_CAPACITY, NO_HOURS, Unknown
from portfolio_projector.metrics.working_time import zone_of
from portfolio_projector.read_models.capacity import assignments
from portfolio_projector.read_models.capacity.assignments import Assignment
from portfolio_projector.read_models.capacity.state import Acceptance, Capacity, Definition, Intended, Team


class AssignmentAnswer(BaseModel):
    """A share of the team that works for a member."""

    member: str
    share: str | None
    start: date
    until: date | None
    assigned: Act


class IntendedAnswer(BaseModel):
    """What the portfolio intends a share of the team for."""

    member: str
    share: str
    start: date
    finish: date
    allocated: Act


class OverAllocationAcceptanceAnswer(BaseModel):
    """That more than the whole team is assigned was accepted: up to so much, to a last day, or without a limit."""

    up_to: str | None
    until: date | None
    proposed_by: str
    accepted: Act


class DefinitionAnswer(BaseModel):
    """What holds of an item before its team calls it done."""

    criteria: list[str]
    changed: Act


class TeamCapacityAnswer(BaseModel):
    """A team: who it is, and whom it works for."""

    team: str
    name: str
    kind: Literal["temporary", "persistent"]
    people: int
    fte: str = Field(description="full-time equivalents of those who are in it")
    reserve: str | None = Field(description="the share that is kept free for what nobody planned; null where nobody set one")
    assignments: list[AssignmentAnswer] = Field(description="those that are not over")
    intended: list[IntendedAnswer] = Field(description="those that are not over")
    accepted: list[OverAllocationAcceptanceAnswer] = Field(description="all there were; the last one holds")
    definition_of_done: DefinitionAnswer | None = Field(description="what the team calls done now; null where it never said")
    formed: Act
    dissolved: Act | None


class LoadAnswer(BaseModel):
    """A team in a period: what it can work, what is promised of it, what it worked."""

    team: str
    period: str
    declared_hours: str | None
    reserved_hours: NumberMetric
    assigned_share: str = Field(description="the mean over the days of the period")
    intended_share: str = Field(description="what the portfolio intends, the mean over the days of the period")
    assigned_hours: NumberMetric
    utilisation: NumberMetric
    headroom: NumberMetric
    peak_share: str = Field(description="the most that is assigned on a day")
    peak_day: date | None = Field(description="the first day on which that is; null where nothing is assigned")
    over_allocated_days: int = Field(description="days on which more than the whole team is assigned")
    over_allocation_accepted: bool | None = Field(description="whether the peak was accepted; null where it is none too high")
    worked_hours: NumberMetric
    unplanned_hours: NumberMetric
    unplanned_share: NumberMetric


class CapacityAnswer(Answer):
    """Capacity against demand: a row for each team and period, and the teams."""

    capacity: list[LoadAnswer]
    teams: list[TeamCapacityAnswer]
    next_cursor: str | None = Field(description="goes on with both lists")


def answer(state: Capacity, today: date, period: str | None, paging: Paging) -> dict[str, Any]:
    """Return capacity against demand in a period, or in all that teams declared something for, else in the current month."""
    zone = UTC if state.zone is None else zone_of(state.zone)
    places = [
        (name, one)
        for name, team in state.teams.items()
        for one in ([period] if period else list(team.declared) or [funding.month_of(today)])
    ]
    return {
        "capacity": [
            _load(name, state.teams[name], one, state.intended.get(name, []), zone)
            for name, one in paging.take("capacity", places, lambda place: place)
        ],
        "teams": [
            _team(name, state.teams[name], state.intended.get(name, []), today)
            for name in paging.take("teams", state.teams, lambda name: (name,))
        ],
        "next_cursor": paging.next_cursor,
    }


def declared_hours(team: Team, period: str) -> Decimal | None:
    """Return what a team declared for a period, or for parts of it that together are all of it."""
    if period in team.declared:
        return team.declared[period].hours
    months = funding.months_of(period)
    parts = {part: funding.months_of(part) for part in team.declared}
    inside = sorted((part for part, covered in parts.items() if set(covered) < set(months)), key=lambda part: -len(parts[part]))
    hours, left = Decimal(0), set(months)
    for part in inside:
        if left.issuperset(parts[part]):
            left -= set(parts[part])
            hours += team.declared[part].hours
    return None if left or not inside else hours


def _days(period: str) -> tuple[date, date]:
    months = funding.months_of(period)
    year, month = int(months[-1][:4]), int(months[-1][5:])
    return date(int(months[0][:4]), int(months[0][5:]), 1), date(year, month, monthrange(year, month)[1])


def _load(name: str, team: Team, period: str, intended: Sequence[Intended], zone: tzinfo) -> dict[str, Any]:
    first, last = _days(period)
    hours, works_for = declared_hours(team, period), [one for known in team.works_for.values() for one in known]
    share, found = assignments.share_of(works_for, first, last), assignments.excess(works_for, first, last)
    reserve = _reserve(team, last, zone)
    return {
        "team": name,
        "period": period,
        "declared_hours": None if hours is None else _text(hours),
        "reserved_hours": metric.number(definitions.RESERVED_HOURS, _of(hours, Fraction(reserve or 0))),
        "assigned_share": _text(share),
        "intended_share": _text(assignments.share_of(_as_assignments(intended), first, last)),
        "assigned_hours": metric.number(definitions.ASSIGNED_HOURS, _of(hours, share)),
        "utilisation": metric.number(definitions.UTILISATION, share if hours else NO_CAPACITY),
        "headroom": metric.number(definitions.HEADROOM, 1 - Fraction(reserve or 0) - share),
        "peak_share": _text(found.peak),
        "peak_day": found.day,
        "over_allocated_days": found.days,
        "over_allocation_accepted": _is_accepted(team.accepted, found) if found.days else None,
        **_worked(team, funding.months_of(period)),
    }


def _worked(team: Team, months: Sequence[str]) -> dict[str, Any]:
    logged = [team.worked[month] for month in months if month in team.worked]
    worked = sum(logged, Decimal(0)) if logged else NO_HOURS
    unplanned = sum((team.unplanned.get(month, Decimal(0)) for month in months), Decimal(0)) if logged else NO_HOURS
    share: Known = NO_HOURS
    if isinstance(worked, Decimal) and isinstance(unplanned, Decimal) and worked:
        share = Fraction(unplanned) / Fraction(worked)
    return {
        "worked_hours": metric.number(definitions.WORKED_HOURS, worked),
        "unplanned_hours": metric.number(definitions.UNPLANNED_HOURS, unplanned),
        "unplanned_share": metric.number(definitions.UNPLANNED_SHARE, share),
    }


def _of(hours: Decimal | None, share: Fraction) -> Fraction | Unknown:
    return NO_CAPACITY if hours is None else Fraction(hours) * share


def _reserve(team: Team, last: date, zone: tzinfo) -> Decimal | None:
    """Return the share that is kept free at the end of a period."""
    held = newest(one for one in team.reserves if one.act.at.astimezone(zone).date() <= last)
    return None if held is None else held.share


def _is_accepted(accepted: Sequence[Acceptance], found: assignments.Excess) -> bool:
    last = newest(accepted)
    if last is None or found.day is None or (last.until is not None and last.until < found.day):
        return False
    return last.up_to is None or found.peak <= Fraction(last.up_to)


def _as_assignments(intended: Sequence[Intended]) -> list[Assignment]:
    return [Assignment(one.share, one.start, one.finish, one.act) for one in intended]


def definition(known: Definition | None) -> dict[str, Any] | None:
    """Return a definition of done as answers show it."""
    return None if known is None else {"criteria": known.criteria, "changed": act(known.act)}


def _team(name: str, team: Team, intended: Sequence[Intended], today: date) -> dict[str, Any]:
    reserve = newest(team.reserves)
    return {
        "team": name,
        "name": team.name,
        "kind": team.kind,
        "people": len(team.people),
        "fte": _text(sum(team.people.values(), Decimal(0))),
        "reserve": None if reserve is None else _text(reserve.share),
        "assignments": list(_assignments(team.works_for, today)),
        "intended": [
            {"member": one.member, "share": _text(one.share), "start": one.start, "finish": one.finish, "allocated": act(one.act)}
            for one in intended
            if one.finish >= today
        ],
        "accepted": [
            {
                "up_to": None if one.up_to is None else _text(one.up_to),
                "until": one.until,
                "proposed_by": one.proposed_by,
                "accepted": act(one.act),
            }
            for one in in_time(team.accepted)
        ],
        "definition_of_done": definition(team.calls_done()),
        "formed": act(team.formed),
        "dissolved": act_or_none(team.dissolved),
    }


def _assignments(works_for: Mapping[str, Sequence[Assignment]], today: date) -> Iterator[dict[str, Any]]:
    for member, known in sorted(works_for.items()):
        for one in known:
            if one.until is None or one.until >= today:
                share = None if one.share is None else _text(one.share)
                yield {"member": member, "share": share, "start": one.start, "until": one.until, "assigned": act(one.act)}


def _text(value: Fraction | Decimal) -> str:
    return metric.decimal_text(value, _DIGITS)


_DIGITS = 6
"""Shares are stated with at most six digits."""
