"""The rules of a deployment: one attempt, which succeeds or fails, once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.codes import Code
from portfolio_schemas.events.deployment import (
    DeploymentEvent,
    DeploymentFailed,
    DeploymentMarkedRework,
    DeploymentRolledBack,
    DeploymentStarted,
    DeploymentSucceeded,
    Environment,
)

StateName = Literal["Started", "Succeeded", "Failed", "RolledBack"]


class Deployment(SubjectState, frozen=True):
    """An attempt: of what, into which environment, whether it brings a commit, and what came of it when."""

    home: str
    scope: str
    environment: Environment
    has_commits: bool
    state: StateName = "Started"
    has_succeeded: bool = False
    finished_at: datetime | None = None

    @property
    def member(self) -> str:
        """The initiative or product that is deployed."""
        return self.home

    @property
    def needs_commit(self) -> bool:
        """Tell whether it would be a success in production without a commit: nobody could say what has changed there."""
        return self.environment == "production" and not self.has_commits

    def follows(self, other: "Deployment") -> bool:
        """Tell whether another one was a success in the same place."""
        return other.has_succeeded and (other.home, other.scope, other.environment) == (self.home, self.scope, self.environment)


KINDS: Mapping[str, type[State]] = {"deployment": Deployment}


def reads(_fact: Fact, _data: DeploymentEvent, _states: States) -> Iterable[str]:
    """Name nothing: what the rules look at is the subject itself, and what the body refers to."""
    return ()


def evolve(fact: Fact, data: DeploymentEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a deployment."""
    known = of(states, fact.subject)
    if isinstance(data, DeploymentStarted):
        if known is None:
            made = Deployment(data.member, data.scope, data.environment, bool(data.shas), born_at=fact.time)
            return {fact.subject: made}
        stated = replace(known, scope=data.scope, environment=data.environment, has_commits=bool(data.shas))
        return {fact.subject: stated}
    if known is None:
        return {}
    match data:
        case DeploymentSucceeded() | DeploymentFailed() if fact.corrects is not None:
            return {fact.subject: replace(known, finished_at=data.finished_at)}
        case DeploymentSucceeded():
            return {fact.subject: replace(known, state="Succeeded", has_succeeded=True, finished_at=data.finished_at)}
        case DeploymentFailed():
            return {fact.subject: replace(known, state="Failed", finished_at=data.finished_at)}
        case DeploymentRolledBack():
            return {fact.subject: replace(known, state="RolledBack")}
        case DeploymentMarkedRework():
            return {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: DeploymentEvent, states: States) -> Decision:
    """Judge a fact about a deployment."""
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    match data:
        case DeploymentStarted():
            return _decide_restated(fact, data, known)
        case DeploymentSucceeded():
            if known.needs_commit:
                return Refused(
                    codes.NO_COMMIT,
                    f"{fact.subject} names no commit that it brings into production: correct DeploymentStarted to name `shas`.",
                )
            return _check_unfinished(fact, known) or accept(
                _early(fact, data.finished_at, known), _previous(fact, data.previous_success, known, states)
            )
        case DeploymentFailed():
            return _check_unfinished(fact, known) or accept(_early(fact, data.finished_at, known))
        case DeploymentRolledBack():
            if known.state not in ("Succeeded", "Failed"):
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {known.state}; this follows Succeeded or Failed.")
            ahead = known.finished_at is not None and fact.time < known.finished_at
            return accept(codes.DATES_DISAGREE if ahead else None, _previous(fact, data.to, known, states))
        case DeploymentMarkedRework():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Deployment | None:
    """Return a deployment's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Deployment) else None


def _decide_restated(fact: Fact, data: DeploymentStarted, known: Deployment) -> Decision:
    if data.member != known.home:
        return corrections.fixed("member", known.home)
    stated = replace(known, environment=data.environment, has_commits=bool(data.shas))
    if known.has_succeeded and stated.needs_commit:
        return Refused(codes.NO_COMMIT, f"{fact.subject} succeeded; in production it brought a commit.")
    return ACCEPTED


def _check_unfinished(fact: Fact, known: Deployment) -> Refused | None:
    if fact.corrects is not None or known.state == "Started":
        return None
    return Refused(codes.WRONG_STATE, f"{fact.subject} is {known.state} already; another attempt is another deployment.")


def _early(fact: Fact, finished_at: datetime, known: Deployment) -> Code | None:
    return None if known.born_at <= finished_at <= fact.time else codes.DATES_DISAGREE


def _previous(fact: Fact, named: str | None, known: Deployment, states: States) -> Code | None:
    if named is None:
        return None
    other = of(states, named)
    agrees = other is not None and named != fact.subject and known.follows(other)
    return None if agrees else codes.PREVIOUS_DISAGREES
