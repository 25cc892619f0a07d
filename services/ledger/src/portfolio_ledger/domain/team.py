"""The rules of a team: whom it works for, with how much of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, assert_never

from portfolio_ledger.domain import matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState, member_of
from portfolio_schemas import codes
from portfolio_schemas.events.team import DefinitionOfDoneChanged, TeamAssigned, TeamEvent, TeamFormed, TeamFreed, TeamRetained

ALL_OF_IT = Decimal(1)


@dataclass(frozen=True, slots=True)
class Team(SubjectState):
    """A team, and its share of work for each member that it is assigned to."""

    kind: Literal["temporary", "persistent"]
    shares: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


KINDS: Mapping[str, type[State]] = {"team": Team}


def reads(_fact: Fact, data: TeamEvent, _states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    match data:
        case TeamFormed() | DefinitionOfDoneChanged():
            return ()
        case TeamAssigned(to=member) | TeamFreed(member=member):
            return matters.keys((member,))
        case TeamRetained():
            return matters.keys((data.member, data.to))
        case _:
            assert_never(data)


def evolve(fact: Fact, data: TeamEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a team. It is an open matter of each member that it works for."""
    if isinstance(data, TeamFormed):
        return {fact.subject: Team(data.kind, born_at=fact.time)}
    team = of(states, fact.subject)
    if team is None:
        return {}
    match data:
        case DefinitionOfDoneChanged():
            return {}
        case TeamAssigned():
            assigned = replace(team, shares={**team.shares, data.to: Decimal(data.share)})
            return {fact.subject: assigned, **matters.opened(states, data.to, fact.subject)}
        case TeamFreed():
            return {fact.subject: _without(team, data.member), **matters.closed(states, data.member, fact.subject)}
        case TeamRetained():
            share = team.shares.get(data.member, Decimal(0)) + team.shares.get(data.to, Decimal(0))
            kept = _without(team, data.member)
            kept = replace(kept, kind="persistent", shares={**kept.shares, data.to: share})
            return {fact.subject: kept, **matters.carried(states, data.member, data.to, fact.subject)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: TeamEvent, states: States) -> Decision:
    """Judge a fact about a team."""
    team = of(states, fact.subject)
    if team is None:
        return ACCEPTED
    match data:
        case TeamFormed() | TeamRetained() | DefinitionOfDoneChanged():
            return ACCEPTED
        case TeamAssigned():
            return _decide_assigned(fact, data, team, states)
        case TeamFreed():
            if data.member not in team.shares:
                return Refused(codes.NOT_ASSIGNED, f"{fact.subject} does not work for {data.member}.")
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Team | None:
    """Return a team's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Team) else None


def _decide_assigned(fact: Fact, data: TeamAssigned, team: Team, states: States) -> Decision:
    member = member_of(states, data.to)
    if member is not None and member.has_ended:
        return Refused(codes.ENDED, f"{data.to} has ended; nobody works for it any more.")
    if data.until is not None and data.until < data.start:
        return Refused(codes.PLAN_ORDER, f"The last day, {data.until}, lies before the first, {data.start}.")
    total = sum(_without(team, data.to).shares.values(), Decimal(data.share))
    if total > ALL_OF_IT:
        return Refused(codes.OVER_ALLOCATED, f"With this, {total} of {fact.subject} would be assigned.")
    return ACCEPTED


def _without(team: Team, member: str) -> Team:
    return replace(team, shares={key: share for key, share in team.shares.items() if key != member})
