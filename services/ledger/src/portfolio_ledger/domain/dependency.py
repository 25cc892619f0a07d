"""The rules of a dependency between two members, in whatever mode each is delivered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain import matters
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState
from portfolio_schemas import codes
from portfolio_schemas.events.dependency import DependencyEvent, DependencyFulfilled, DependencyIdentified, DependencyRepointed


@dataclass(frozen=True, slots=True)
class Dependency(SubjectState):
    """A dependency: who waits, for whom, and whether still."""

    waits: str
    awaited: str
    state: Literal["Identified", "Fulfilled"] = "Identified"

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still waits."""
        return self.state == "Identified"

    @property
    def member(self) -> str:
        """The one that waits."""
        return self.waits

    def repointed(self, old: str, new: str) -> "Dependency":
        """Return it with the end that was `old` as `new`."""
        if self.waits == old:
            return replace(self, waits=new)
        return replace(self, awaited=new)


KINDS: Mapping[str, type[State]] = {"dependency": Dependency}


def reads(fact: Fact, data: DependencyEvent, states: States) -> Iterable[str]:
    """Name the other subjects and indexes that the rules look at."""
    known = of(states, fact.subject)
    match data:
        case DependencyIdentified():
            return matters.keys((data.from_, data.to))
        case DependencyRepointed():
            return matters.keys((data.old, data.new))
        case DependencyFulfilled():
            return matters.keys((known.waits, known.awaited)) if known else ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: DependencyEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a dependency. It is an open matter of both its ends."""
    if isinstance(data, DependencyIdentified):
        made = Dependency(data.from_, data.to, born_at=fact.time)
        ends = (matters.opened(states, end, fact.subject) for end in (data.from_, data.to))
        return {fact.subject: made, **{key: state for end in ends for key, state in end.items()}}
    known = of(states, fact.subject)
    if known is None:
        return {}
    match data:
        case DependencyRepointed():
            moved = known.repointed(data.old, data.new)
            return {fact.subject: moved, **matters.carried(states, data.old, data.new, fact.subject)}
        case DependencyFulfilled():
            return {fact.subject: replace(known, state="Fulfilled"), **_closed(states, known, fact.subject)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: DependencyEvent, states: States) -> Decision:
    """Judge a fact about a dependency."""
    if isinstance(data, DependencyIdentified):
        if data.from_ == data.to:
            return Refused(codes.SELF_DEPENDENCY, f"{data.from_} cannot depend on itself.")
        return ACCEPTED
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    if not known.is_open:
        return Refused(codes.WRONG_STATE, f"{fact.subject} is {known.state}; nobody waits any more.")
    match data:
        case DependencyRepointed():
            return _decide_repointed(fact, data, known)
        case DependencyFulfilled():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Dependency | None:
    """Return a dependency's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Dependency) else None


def _decide_repointed(fact: Fact, data: DependencyRepointed, known: Dependency) -> Decision:
    if data.old not in (known.waits, known.awaited):
        return Refused(codes.WRONG_STATE, f"{fact.subject} is between {known.waits} and {known.awaited}, not {data.old}.")
    moved = known.repointed(data.old, data.new)
    if moved.waits == moved.awaited:
        return Refused(codes.SELF_DEPENDENCY, f"{data.new} is at the other end of {fact.subject} already.")
    return ACCEPTED


def _closed(states: States, known: Dependency, subject: str) -> Mapping[str, State]:
    return {**matters.closed(states, known.waits, subject), **matters.closed(states, known.awaited, subject)}
