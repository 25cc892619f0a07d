"""The rules of a dependency between two members, in whatever mode each is delivered."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import matters, waiting
from portfolio_ledger.domain.decider import (
    ACCEPTED,
    Decision,
    Fact,
    FieldError,
    Refused,
    State,
    States,
    SubjectState,
    accept,
    subject_of,
)
from portfolio_schemas import codes
from portfolio_schemas.events.dependency import (
    DependencyBroken,
    DependencyCommitted,
    DependencyEvent,
    DependencyFulfilled,
    DependencyIdentified,
    DependencyRedated,
    DependencyRepointed,
    DependencyWithdrawn,
    Promise,
)

Kind = Literal["needs", "blocks", "shares"]


class Dependency(SubjectState, frozen=True):
    """A dependency: who waits, for whom, whether still, and what was promised, a day or a release."""

    waits: str
    awaited: str
    kind: Kind
    state: Literal["Identified", "Committed", "Fulfilled", "Broken", "Withdrawn"] = "Identified"
    promise: str | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody still waits."""
        return self.state in ("Identified", "Committed")

    @property
    def member(self) -> str:
        """The one that waits."""
        return self.waits

    def repointed(self, old: str, new: str) -> "Dependency":
        """Return it with the end that was `old` as `new`."""
        if self.waits == old:
            return replace(self, waits=new)
        return replace(self, awaited=new)


KINDS: Mapping[str, type[State]] = {"dependency": Dependency, **waiting.KINDS}


def reads(fact: Fact, data: DependencyEvent, states: States) -> Iterable[str]:
    """Name the other subjects and indexes that the rules look at."""
    known = of(states, fact.subject)
    match data:
        case DependencyIdentified():
            return waiting.KEY, *matters.keys((data.from_, data.to))
        case DependencyRepointed():
            return waiting.KEY, *matters.keys((data.old, data.new))
        case DependencyCommitted(promise=promise) | DependencyRedated(new=promise):
            return (promise.release,) if promise.release else ()
        case DependencyFulfilled() | DependencyBroken() | DependencyWithdrawn():
            return waiting.KEY, *(matters.keys((known.waits, known.awaited)) if known else ())
        case _:
            assert_never(data)


def evolve(fact: Fact, data: DependencyEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a dependency. It is an open matter of both its ends."""
    if isinstance(data, DependencyIdentified):
        made = Dependency(data.from_, data.to, data.kind, born_at=fact.time)
        ends = (matters.opened(states, end, fact.subject) for end in (data.from_, data.to))
        return {fact.subject: made, **{key: state for end in ends for key, state in end.items()}, **_waits(fact, made, states)}
    known = of(states, fact.subject)
    if known is None:
        return {}
    match data:
        case DependencyCommitted(promise=promise) | DependencyRedated(new=promise):
            return {fact.subject: replace(known, state="Committed", promise=_text(promise))}
        case DependencyRepointed():
            moved = known.repointed(data.old, data.new)
            carried = matters.carried(states, data.old, data.new, fact.subject)
            return {fact.subject: moved, **carried, **_waits(fact, moved, states)}
        case DependencyFulfilled():
            return {fact.subject: replace(known, state="Fulfilled"), **_closed(fact, known, states)}
        case DependencyBroken():
            return {fact.subject: replace(known, state="Broken"), **_closed(fact, known, states)}
        case DependencyWithdrawn():
            return {fact.subject: replace(known, state="Withdrawn"), **_closed(fact, known, states)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: DependencyEvent, states: States) -> Decision:
    """Judge a fact about a dependency."""
    if isinstance(data, DependencyIdentified):
        if data.from_ == data.to:
            return Refused(codes.SELF_DEPENDENCY, f"{data.from_} cannot depend on itself: `from` waits for `to`.")
        return _check_goes_on(data.to, states) or _flag_circle(fact, data.kind, data.from_, data.to, states)
    known = of(states, fact.subject)
    if known is None:
        return ACCEPTED
    if not known.is_open:
        return Refused(
            codes.WRONG_STATE,
            f"{fact.subject} is {known.state}; nobody waits any more. Identify a new dependency where somebody does.",
        )
    match data:
        case DependencyCommitted():
            if known.state == "Committed":
                detail = f"{fact.subject} is promised for {known.promise} already: state DependencyRedated."
                return Refused(codes.WRONG_STATE, detail)
            return _check_promise(data.promise, "promise", states) or ACCEPTED
        case DependencyRedated():
            return _decide_redated(fact, data, known, states)
        case DependencyRepointed():
            return _decide_repointed(fact, data, known, states)
        case DependencyFulfilled() | DependencyBroken() | DependencyWithdrawn():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Dependency | None:
    """Return a dependency's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Dependency) else None


def _decide_redated(fact: Fact, data: DependencyRedated, known: Dependency, states: States) -> Decision:
    if known.promise is None:
        return Refused(codes.WRONG_STATE, f"Nothing was promised of {fact.subject}: state DependencyCommitted before.")
    refused = _check_promise(data.old, "old", states, exists=False) or _check_promise(data.new, "new", states)
    if refused:
        return refused
    if _text(data.new) == known.promise:
        return Refused(codes.NOTHING_CHANGED, f"{fact.subject} is promised for {known.promise} already.")
    return accept(None if _text(data.old) == known.promise else codes.PROMISE_DISAGREES)


def _decide_repointed(fact: Fact, data: DependencyRepointed, known: Dependency, states: States) -> Decision:
    if data.old not in (known.waits, known.awaited):
        return Refused(codes.WRONG_STATE, f"{fact.subject} is between {known.waits} and {known.awaited}, not {data.old}.")
    moved = known.repointed(data.old, data.new)
    if moved.waits == moved.awaited:
        return Refused(codes.SELF_DEPENDENCY, f"{data.new} is at the other end of {fact.subject} already.")
    return _check_goes_on(data.new, states) or _flag_circle(fact, moved.kind, moved.waits, moved.awaited, states)


def _check_goes_on(end: str, states: States) -> Refused | None:
    member = subject_of(states, end)
    if member is None or not member.has_ended:
        return None
    return Refused(codes.ENDED, f"{end} has ended: name who goes on instead of it.")


def _flag_circle(fact: Fact, kind: Kind, waits: str, awaited: str, states: States) -> Decision:
    is_circle = kind != "shares" and waiting.closes_a_circle(states, fact.subject, waits, awaited)
    return accept(codes.CIRCULAR_WAIT if is_circle else None)


def _check_promise(promise: Promise, field: str, states: States, *, exists: bool = True) -> Refused | None:
    if (promise.date is None) == (promise.release is None):
        problem = FieldError(f"/data/{field}", "names exactly one of `date` and `release`")
        return Refused(codes.NO_PROMISE, "Promise a day or a release, one of them.", (problem,))
    if exists and promise.release is not None and subject_of(states, promise.release) is None:
        problem = FieldError(f"/data/{field}/release", f"names {promise.release}, which is unknown")
        return Refused(
            codes.UNKNOWN_AGGREGATE, f"There is no {promise.release} yet: plan it before, or promise a day.", (problem,)
        )
    return None


def _text(promise: Promise) -> str:
    return promise.release or str(promise.date)


def _waits(fact: Fact, known: Dependency, states: States) -> Mapping[str, State]:
    return {} if known.kind == "shares" else waiting.begun(states, fact.subject, known.waits, known.awaited)


def _closed(fact: Fact, known: Dependency, states: States) -> Mapping[str, State]:
    ends = (matters.closed(states, end, fact.subject) for end in (known.waits, known.awaited))
    return {**{key: state for end in ends for key, state in end.items()}, **waiting.ended(states, fact.subject)}
