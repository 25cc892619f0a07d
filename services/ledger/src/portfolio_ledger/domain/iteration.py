"""The rules of an iteration: one at a time of a team, and nothing of its scope is lost when it is closed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections, item, iterations
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
from portfolio_schemas.codes import Code
from portfolio_schemas.events.iteration import (
    IterationCancelled,
    IterationClosed,
    IterationEvent,
    IterationPlanned,
    IterationScopeChanged,
    IterationStarted,
)


class Iteration(SubjectState, frozen=True):
    """An iteration: whose it is, what was committed to when it was planned and changed since, how far it is, and since when."""

    initiative: str
    team: str
    committed: frozenset[str]
    since: datetime
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    state: Literal["Planned", "Started", "Closed", "Cancelled"] = "Planned"

    @property
    def items(self) -> frozenset[str]:
        """The items of its scope."""
        return self.committed.difference(self.removed) | self.added

    @property
    def has_ended(self) -> bool:
        """Tell whether it is over."""
        return self.state in ("Closed", "Cancelled")

    @property
    def member(self) -> str:
        """Its initiative."""
        return self.initiative


KINDS: Mapping[str, type[State]] = {"iteration": Iteration, **iterations.KINDS}


def reads(fact: Fact, data: IterationEvent, states: States) -> Iterable[str]:
    """Name the iterations of the team and, where it is closed, the items of its scope."""
    known = of(states, fact.subject)
    match data:
        case IterationPlanned():
            return (iterations.key_of(data.team),)
        case IterationScopeChanged():
            return ()
        case IterationStarted() | IterationCancelled():
            return (iterations.key_of(known.team), known.team) if known else ()
        case IterationClosed():
            return (iterations.key_of(known.team), *known.items) if known else ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: IterationEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into an iteration, and into those of its team."""
    known = of(states, fact.subject)
    if isinstance(data, IterationPlanned):
        committed = frozenset(data.committed)
        fresh = Iteration(data.initiative, data.team, committed, fact.time, born_at=fact.time)
        planned = {fact.subject: replace(known, committed=committed) if known else fresh}
        if known is not None and known.state == "Cancelled":
            return planned
        return {**planned, **iterations.planned(states, data.team, fact.subject, data.start, data.finish)}
    if known is None:
        return {}
    match data:
        case IterationStarted():
            begun = replace(known, state="Started", since=fact.time)
            return {fact.subject: begun, **iterations.started(states, known.team, fact.subject)}
        case IterationScopeChanged():
            added = known.added.difference(data.removed).union(data.added)
            removed = known.removed.union(data.removed).difference(data.added)
            return {fact.subject: replace(known, added=added, removed=removed)}
        case IterationClosed():
            return {fact.subject: replace(known, state="Closed"), **iterations.closed(states, known.team, fact.subject)}
        case IterationCancelled():
            return {fact.subject: replace(known, state="Cancelled"), **iterations.cancelled(states, known.team, fact.subject)}
        case _:
            assert_never(data)


def decide(fact: Fact, data: IterationEvent, states: States) -> Decision:
    """Judge a fact about an iteration."""
    known = of(states, fact.subject)
    if isinstance(data, IterationPlanned):
        return _decide_planned(fact, data, known, states)
    if known is None:
        return ACCEPTED
    early = codes.DATES_DISAGREE if fact.time < known.since else None
    match data:
        case IterationStarted():
            if known.state != "Planned":
                return Refused(
                    codes.WRONG_STATE, f"{fact.subject} is {known.state} already; only what is planned is started, once."
                )
            if _is_dissolved(states, known.team):
                return Refused(codes.ENDED, f"{known.team} is dissolved: plan the iteration of another team.")
            running = iterations.of(states, known.team).running
            if running is not None:
                return Refused(codes.OVERLAP, f"{known.team} is in {running}: close that before.")
            return accept(early)
        case IterationScopeChanged():
            return _decide_scope(fact, data, known, states)
        case IterationClosed():
            if known.state != ("Started" if fact.corrects is None else "Closed"):
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {known.state}; only what was started is closed, once.")
            return _check_closed(fact, data, known, states) or accept(early, *_flag_closed(data, states))
        case IterationCancelled():
            return (
                Refused(codes.ENDED, f"{fact.subject} is {known.state}; only what is planned or started is cancelled.")
                if known.has_ended
                else accept(early)
            )
        case _:
            assert_never(data)


def of(states: States, key: str) -> Iteration | None:
    """Return an iteration's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Iteration) else None


def _decide_planned(fact: Fact, data: IterationPlanned, known: Iteration | None, states: States) -> Decision:
    if known is not None and data.initiative != known.initiative:
        return corrections.fixed("initiative", known.initiative)
    if known is not None and data.team != known.team:
        return corrections.fixed("team", known.team)
    if known is None and _is_dissolved(states, data.team):
        return Refused(codes.ENDED, f"{data.team} is dissolved: plan the iteration of another team.")
    if data.finish < data.start:
        return Refused(codes.PLAN_ORDER, f"The last day, {data.finish}, lies before the first, {data.start}.")
    other = iterations.of(states, data.team).overlapping(fact.subject, data.start, data.finish)
    if other is not None and (known is None or known.state != "Cancelled"):
        detail = f"{other} of {data.team} has days from {data.start} to {data.finish} already."
        return Refused(codes.OVERLAP, detail, (FieldError("/data/start", f"to the finish there are days of {other}"),))
    return accept(*_flag_entering(data.committed, data.initiative, states))


def _is_dissolved(states: States, key: str) -> bool:
    team = subject_of(states, key)
    return team is not None and team.has_ended


def _decide_scope(fact: Fact, data: IterationScopeChanged, known: Iteration, states: States) -> Decision:
    if not data.added and not data.removed:
        return Refused(codes.NOTHING_CHANGED, "Name the items that were added or removed: both lists are empty.")
    twice = _find(data.added, known.items | frozenset(data.removed))
    if twice is not None:
        return Refused(codes.SCOPE_TWICE, f"{twice} is in the scope of {fact.subject}, or is added and removed at once.")
    return _check_inside(fact, data.removed, known) or accept(*_flag_entering(data.added, known.initiative, states))


def _check_closed(fact: Fact, data: IterationClosed, known: Iteration, states: States) -> Refused | None:
    carried = frozenset(data.carried_over)
    twice = _find(data.completed, carried)
    if twice is not None:
        return Refused(codes.SCOPE_TWICE, f"{twice} cannot be completed and carried over at once.")
    refused = _check_inside(fact, (*data.completed, *data.carried_over), known)
    if refused:
        return refused
    for key in sorted(known.items - carried):
        one = item.of(states, key)
        if one is not None and one.is_open:
            detail = f"{key} is {one.state} and would be lost: carry it over, complete it, or drop it before."
            return Refused(codes.SCOPE_LOST, detail, (FieldError("/data/carried_over", f"does not name {key}"),))
    earned = _earned(data, states)
    if Decimal(data.points_done) <= earned:
        return None
    detail = f"{earned} points of what was completed are accepted, not {data.points_done}: state ItemAccepted before."
    return Refused(codes.UNACCEPTED_POINTS, detail, (FieldError("/data/points_done", f"is more than {earned}"),))


def _flag_closed(data: IterationClosed, states: States) -> tuple[Code | None, ...]:
    carried = [item.of(states, key) for key in data.carried_over]
    return (
        codes.POINTS_DISAGREE if Decimal(data.points_done) < _earned(data, states) else None,
        codes.ITEM_CLOSED if any(one is not None and not one.is_open for one in carried) else None,
    )


def _check_inside(fact: Fact, named: Iterable[str], known: Iteration) -> Refused | None:
    foreign = next((key for key in named if key not in known.items), None)
    if foreign is None:
        return None
    return Refused(codes.NOT_IN_SCOPE, f"{foreign} is not in the scope of {fact.subject}: state IterationScopeChanged before.")


def _flag_entering(keys: Iterable[str], initiative: str, states: States) -> tuple[Code | None, ...]:
    entering = [one for one in (item.of(states, key) for key in keys) if one is not None]
    return (
        codes.OTHER_BACKLOG if any(one.backlog != initiative for one in entering) else None,
        codes.ITEM_CLOSED if any(not one.is_open for one in entering) else None,
    )


def _earned(data: IterationClosed, states: States) -> Decimal:
    completed = [item.of(states, key) for key in frozenset(data.completed)]
    return sum((Decimal(one.points or 0) for one in completed if one is not None and one.is_accepted), Decimal(0))


def _find(keys: Iterable[str], among: frozenset[str]) -> str | None:
    return next((key for key in keys if key in among), None)
