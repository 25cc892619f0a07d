"""The rules of a release: the baseline of an agile initiative, or what was published without one."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections, item
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.events.release import (
    ForecastPublished,
    ReleaseBaselineApproved,
    ReleaseEvent,
    ReleasePlanned,
    ReleasePublished,
    ReleaseShipped,
    ScopeAdded,
    ScopeRemoved,
)


class Release(SubjectState, frozen=True):
    """A release, whose it is, who planned or published it, and the items of its scope."""

    home: str
    planned_by: str
    state: Literal["Planned", "Approved", "Shipped"] = "Planned"
    items: frozenset[str] = frozenset()

    @property
    def member(self) -> str:
        """Its initiative or product."""
        return self.home


KINDS: Mapping[str, type[State]] = {"release": Release}


def reads(fact: Fact, data: ReleaseEvent, states: States) -> Iterable[str]:
    """Name the items of its scope where it is shipped."""
    known = of(states, fact.subject)
    return known.items if known and isinstance(data, ReleaseShipped) else ()


def evolve(fact: Fact, data: ReleaseEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a release."""
    known = of(states, fact.subject)
    match data:
        case ReleasePublished():
            return {} if known else {fact.subject: Release(data.member, fact.actor, "Shipped", born_at=fact.time)}
        case ReleasePlanned():
            return {fact.subject: Release(data.initiative, fact.actor, born_at=fact.time)}
        case ReleaseBaselineApproved():
            return {fact.subject: replace(known, state="Approved")} if known else {}
        case ScopeAdded():
            return {fact.subject: replace(known, items=known.items.union(data.items))} if known else {}
        case ScopeRemoved():
            return {fact.subject: replace(known, items=known.items.difference(data.items))} if known else {}
        case ForecastPublished():
            return {}
        case ReleaseShipped():
            return {fact.subject: replace(known, state="Shipped")} if known else {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ReleaseEvent, states: States) -> Decision:
    """Judge a fact about a release."""
    known = of(states, fact.subject)
    match data:
        case ReleasePublished():
            return ACCEPTED if known is None or data.member == known.home else corrections.fixed("member", known.home)
        case ReleasePlanned():
            if Decimal(data.release_points) == 0:
                return Refused(
                    codes.NO_POINTS, f"{fact.subject} has no points to earn: plan it with more than 0 in `release_points`."
                )
            return ACCEPTED
        case ReleaseBaselineApproved():
            if known is None or known.state != "Planned":
                return Refused(
                    codes.WRONG_STATE,
                    f"The baseline of {fact.subject} is approved already; ScopeAdded and ScopeRemoved change it.",
                )
            if fact.actor == known.planned_by:
                return Refused(codes.SELF_APPROVAL, f"{fact.actor} planned {fact.subject}: somebody else approves it.")
            return ACCEPTED
        case ScopeAdded() | ScopeRemoved() | ReleaseShipped():
            if known is None or known.state == "Shipped":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is shipped already: plan another release.")
            return _decide_scope(fact, data, known, states)
        case ForecastPublished():
            if known is not None and known.state == "Shipped" and fact.corrects is None:
                return Refused(codes.WRONG_STATE, f"{fact.subject} is shipped already: plan another release.")
            return _check_forecast(fact, data) or ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Release | None:
    """Return a release's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Release) else None


def _decide_scope(fact: Fact, data: ScopeAdded | ScopeRemoved | ReleaseShipped, known: Release, states: States) -> Decision:
    match data:
        case ScopeAdded():
            twice = next((key for key in data.items if key in known.items), None)
            return (
                Refused(codes.SCOPE_TWICE, f"{twice} is in the scope of {fact.subject} already: leave it out.")
                if twice
                else ACCEPTED
            )
        case ScopeRemoved():
            missing = next((key for key in data.items if key not in known.items), None)
            return (
                Refused(
                    codes.NOT_IN_SCOPE,
                    f"{missing} is not in the scope of {fact.subject}: only what was added by its name is removed by it.",
                )
                if missing
                else ACCEPTED
            )
        case ReleaseShipped():
            items = (item.of(states, key) for key in known.items)
            return accept(None if all(one is None or one.is_accepted for one in items) else codes.UNACCEPTED)
        case _:
            assert_never(data)


def _check_forecast(fact: Fact, data: ForecastPublished) -> Refused | None:
    days = [day for day in (data.p50, data.p85, data.p95) if day is not None]
    if days != sorted(days):
        return Refused(codes.PERCENTILES, "The days of a forecast lie in the order of their percentiles.")
    if data.p50 < fact.time.date():
        return Refused(codes.FORECAST_PAST, f"{data.p50} is over; what is open cannot be finished then.")
    if data.method == "monte_carlo" and (data.seed is None or data.runs is None):
        return Refused(codes.NOT_REPEATABLE, "A simulation names its seed and its runs.")
    return None
