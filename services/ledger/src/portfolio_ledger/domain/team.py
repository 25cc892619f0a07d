"""The rules of a team: who is in it, and whom it works for, with how much of it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Literal, assert_never

from msgspec import field
from msgspec.structs import replace

from portfolio_ledger.domain import assignments, corrections, matters
from portfolio_ledger.domain.assignments import Accepted, Assignment, Assignments
from portfolio_ledger.domain.decider import (
    ACCEPTED,
    Decision,
    Fact,
    Refused,
    State,
    States,
    SubjectState,
    accept,
    member_of,
)
from portfolio_schemas import codes
from portfolio_schemas.events.team import (
    CapacityDeclared,
    DefinitionOfDoneChanged,
    OverAllocationAccepted,
    PersonJoined,
    PersonLeft,
    TeamAssigned,
    TeamDissolved,
    TeamEvent,
    TeamFormed,
    TeamFreed,
    TeamRetained,
    TimeCorrected,
    TimeLogged,
    UnplannedReserveSet,
)

_HOURS_OF_A_DAY = 24
_ZONES = timedelta(days=1)
"""How far the days of two places can be apart."""


class Team(SubjectState, frozen=True):
    """A team: whether it is there, who ever was in it and whether they still are, whom it works for, and what was accepted."""

    kind: Literal["temporary", "persistent"]
    is_dissolved: bool = False
    people: Mapping[str, bool] = field(default_factory=dict[str, bool])
    works_for: Assignments = field(default_factory=dict[str, tuple[Assignment, ...]])
    accepted: Accepted | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether it is no more."""
        return self.is_dissolved


KINDS: Mapping[str, type[State]] = {"team": Team}


def reads(fact: Fact, data: TeamEvent, states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    match data:
        case TeamAssigned(to=member) | TeamFreed(member=member):
            return matters.keys((member,))
        case TeamRetained():
            return matters.keys((data.member, data.to))
        case TeamDissolved():
            team = of(states, fact.subject)
            return matters.keys(team.works_for) if team else ()
        case _:
            return ()


def evolve(fact: Fact, data: TeamEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a team. It is an open matter of each member that it works for."""
    if isinstance(data, TeamFormed):
        return {fact.subject: Team(data.kind, born_at=fact.time)}
    team = of(states, fact.subject)
    if team is None:
        return {}
    match data:
        case CapacityDeclared() | UnplannedReserveSet() | TimeLogged() | TimeCorrected() | DefinitionOfDoneChanged():
            return {}
        case PersonJoined():
            is_there = fact.corrects is None or team.people.get(data.person, False)
            return {fact.subject: replace(team, people={**team.people, data.person: is_there})}
        case PersonLeft():
            return {fact.subject: replace(team, people={**team.people, data.person: False})}
        case TeamAssigned():
            works_for = assignments.assigned(team.works_for, data.to, _assignment(data))
            return {fact.subject: replace(team, works_for=works_for), **matters.opened(states, data.to, fact.subject)}
        case TeamFreed():
            works_for = assignments.without(team.works_for, data.member)
            return {fact.subject: replace(team, works_for=works_for), **matters.closed(states, data.member, fact.subject)}
        case OverAllocationAccepted():
            up_to = None if data.up_to is None else Decimal(data.up_to)
            return {fact.subject: replace(team, accepted=Accepted(up_to, data.until))}
        case TeamDissolved():
            left = (matters.closed(states, member, fact.subject) for member in team.works_for)
            freed = {key: state for closed in left for key, state in closed.items()}
            return {fact.subject: replace(team, is_dissolved=True, works_for={}), **freed}
        case TeamRetained():
            both = (*team.works_for.get(data.to, ()), *team.works_for.get(data.member, ()))
            works_for = {**assignments.without(team.works_for, data.member), data.to: both}
            kept = replace(team, kind="persistent", works_for=works_for)
            return {fact.subject: kept, **matters.carried(states, data.member, data.to, fact.subject)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: TeamEvent, states: States) -> Decision:
    """Judge a fact about a team."""
    team = of(states, fact.subject)
    if team is None:
        return ACCEPTED
    match data:
        case TeamFormed() | TeamRetained() | CapacityDeclared() | UnplannedReserveSet() | DefinitionOfDoneChanged():
            return ACCEPTED
        case PersonJoined():
            return _decide_joined(fact, data, team)
        case PersonLeft():
            if not team.people.get(data.person, False):
                return Refused(codes.NOT_IN_TEAM, f"{data.person} is not in {fact.subject}: nobody can leave who has not joined.")
            return ACCEPTED
        case TeamAssigned():
            return _decide_assigned(fact, data, team, states)
        case TeamFreed():
            if data.member not in team.works_for:
                return Refused(
                    codes.NOT_ASSIGNED, f"{fact.subject} does not work for {data.member}: name what it is assigned to."
                )
            return ACCEPTED
        case OverAllocationAccepted():
            return ACCEPTED
        case TimeLogged() | TimeCorrected():
            return _decide_time(fact, data, team)
        case TeamDissolved():
            day = fact.time.date()
            busy = next((key for key, mine in team.works_for.items() if not all(one.is_over(day) for one in mine)), None)
            return Refused(codes.STILL_ASSIGNED, f"{fact.subject} works for {busy}: free it before.") if busy else ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Team | None:
    """Return a team's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Team) else None


def _decide_joined(fact: Fact, data: PersonJoined, team: Team) -> Decision:
    if fact.corrects is not None:
        return ACCEPTED if data.person in team.people else corrections.fixed("person", "one who was in the team")
    if team.people.get(data.person, False):
        return Refused(codes.PERSON_TWICE, f"{data.person} is in {fact.subject} already: state PersonLeft before.")
    return ACCEPTED


def _decide_assigned(fact: Fact, data: TeamAssigned, team: Team, states: States) -> Decision:
    member = member_of(states, data.to)
    if member is not None and member.has_ended:
        return Refused(codes.ENDED, f"{data.to} has ended; nobody works for it any more.")
    if data.until is not None and data.until < data.start:
        return Refused(codes.PLAN_ORDER, f"The last day, {data.until}, lies before the first, {data.start}.")
    new = _assignment(data)
    excess = assignments.find_excess(assignments.assigned(team.works_for, data.to, new), new, team.accepted)
    if excess is None:
        return ACCEPTED
    day, total = excess
    return Refused(
        codes.OVER_ALLOCATED,
        f"With this, {total} of {fact.subject} would be assigned on {day}: assign less, or state OverAllocationAccepted before.",
    )


def _decide_time(fact: Fact, data: TimeLogged | TimeCorrected, team: Team) -> Decision:
    return accept(
        codes.DATES_DISAGREE if data.on > (fact.time + _ZONES).date() else None,
        None if data.person in team.people else codes.NOT_OF_TEAM,
        codes.LONG_DAY if Decimal(data.hours) > _HOURS_OF_A_DAY else None,
    )


def _assignment(data: TeamAssigned) -> Assignment:
    return Assignment(Decimal(data.share), data.start, data.until)
