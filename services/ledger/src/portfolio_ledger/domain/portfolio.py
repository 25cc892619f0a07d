"""The rules of a portfolio: who is a member, in which order, and within which limits."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import calendars, corrections, limits, scores
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
    member_of,
)
from portfolio_schemas import codes
from portfolio_schemas.events.portfolio import (
    CapacityAllocated,
    FundingLimitSet,
    GuardrailSet,
    MemberAdmitted,
    MemberRanked,
    MemberReleased,
    MemberScored,
    PortfolioClosed,
    PortfolioEvent,
    PortfolioOpened,
    ReviewHeld,
)


class Portfolio(SubjectState, frozen=True):
    """A portfolio, the currency in which it reports, how many members it has, and the amount from which an item is an epic."""

    currency: str
    members: int = 0
    is_closed: bool = False
    epic_threshold: int | None = None

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing is recorded of it any more."""
        return self.is_closed


class Membership(State, frozen=True):
    """Whether an initiative or a product is admitted."""

    is_admitted: bool


KINDS: Mapping[str, type[State]] = {"portfolio": Portfolio, "membership": Membership}


def reads(fact: Fact, data: PortfolioEvent, _states: States) -> Iterable[str]:
    """Name the indexes that the rules look at."""
    match data:
        case MemberRanked():
            return membership_key(data.member), *((membership_key(data.after),) if data.after else ())
        case MemberAdmitted() | MemberReleased():
            return (membership_key(data.member),)
        case FundingLimitSet():
            return (limits.KEY,)
        case PortfolioOpened():
            return calendars.reads(fact, data.calendar)
        case GuardrailSet() | MemberScored() | ReviewHeld() | CapacityAllocated() | PortfolioClosed():
            return ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: PortfolioEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the portfolio."""
    own = of(states, fact.subject)
    if isinstance(data, PortfolioOpened):
        opened = {fact.subject: Portfolio(data.currency, born_at=fact.time)} if own is None else {}
        return {**opened, **calendars.stated(fact, data.calendar)}
    if own is None:
        return {}
    match data:
        case FundingLimitSet():
            return limits.limited(states, data.fiscal_period, data.limit.minor)
        case MemberAdmitted() | MemberReleased():
            is_admitted = isinstance(data, MemberAdmitted)
            counted = replace(own, members=own.members + (1 if is_admitted else -1))
            return {fact.subject: counted, membership_key(data.member): Membership(is_admitted)}
        case GuardrailSet():
            threshold = data.limits.get("epic")
            if data.kind != "epic_threshold" or data.member is not None or threshold is None or isinstance(threshold, str):
                return {}
            return {fact.subject: replace(own, epic_threshold=threshold.minor)}
        case PortfolioClosed():
            return {fact.subject: replace(own, is_closed=True)}
        case MemberRanked() | MemberScored() | ReviewHeld() | CapacityAllocated():
            return {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: PortfolioEvent, states: States) -> Decision:
    """Judge a fact about a portfolio, which is its own subject."""
    if fact.subject != fact.portfolio_key:
        problem = FieldError("/subject", f"The subject of this type is {fact.portfolio_key}.")
        return Refused(codes.SCHEMA, problem.detail, (problem,))
    own = of(states, fact.subject)
    if own is None:
        return ACCEPTED
    match data:
        case PortfolioOpened():
            return ACCEPTED if own.currency == data.currency else corrections.fixed("currency", own.currency)
        case FundingLimitSet():
            return limits.check_limit(states, data.fiscal_period, data.limit.minor) or ACCEPTED
        case GuardrailSet():
            return _check_guardrail(data) or ACCEPTED
        case MemberAdmitted():
            return _check_admission(data, states) or ACCEPTED
        case MemberRanked():
            return _check_rank(data, states) or ACCEPTED
        case MemberScored():
            return _decide_scored(data)
        case MemberReleased():
            return ACCEPTED if _is_member(states, data.member) else _not_member(data.member)
        case CapacityAllocated():
            if data.finish < data.start:
                return Refused(codes.PLAN_ORDER, f"The last day, {data.finish}, lies before the first, {data.start}.")
            return ACCEPTED
        case PortfolioClosed():
            if own.members:
                return Refused(
                    codes.STILL_MEMBERS, f"{fact.subject} has {own.members} members: release each before it is closed."
                )
            return ACCEPTED
        case ReviewHeld():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Portfolio | None:
    """Return the portfolio's state, None where it is not open."""
    state = states.get(key)
    return state if isinstance(state, Portfolio) else None


def membership_key(member: str) -> str:
    """Return the key under which it is kept whether something is a member."""
    return f"membership/{member}"


def _is_member(states: States, member: str) -> bool:
    state = states.get(membership_key(member))
    return isinstance(state, Membership) and state.is_admitted


def _check_admission(data: MemberAdmitted, states: States) -> Refused | None:
    if _is_member(states, data.member):
        return Refused(
            codes.ALREADY_MEMBER, f"{data.member} is a member already: rank or score it as it is, or release it before."
        )
    member = member_of(states, data.member)
    if data.mode is not None and member is not None and member.mode != data.mode:
        return Refused(codes.MODE, f"{data.member} is {member.mode}, not {data.mode}.")
    return None


def _not_member(member: str) -> Refused:
    return Refused(codes.NOT_MEMBER, f"{member} is not admitted to the portfolio: state MemberAdmitted before.")


def _check_rank(data: MemberRanked, states: States) -> Refused | None:
    if data.member == data.after:
        return Refused(
            codes.AFTER_ITSELF,
            f"{data.member} cannot follow itself: name another member in `after`, or null for the first place.",
        )
    return next((_not_member(one) for one in (data.member, data.after) if one and not _is_member(states, one)), None)


def _check_guardrail(data: GuardrailSet) -> Refused | None:
    shares = [Decimal(limit) for limit in data.limits.values() if isinstance(limit, str)]
    if data.kind == "epic_threshold":
        if data.limits.keys() != {"epic"} or shares:
            return Refused(codes.GUARDRAIL, "An epic threshold has one limit, `epic`, which is an amount of money.")
        return None
    if len(shares) != len(data.limits):
        return Refused(codes.GUARDRAIL, f"Limits by {data.kind} are shares, not amounts of money.")
    if sum(shares) > 1:
        return Refused(codes.GUARDRAIL, f"The shares add up to {sum(shares)}, which is more than 1.")
    return None


def _decide_scored(data: MemberScored) -> Decision:
    given = {"wsjf": data.wsjf, "npv": data.npv, "cod": data.cost_of_delay}
    if [method for method, inputs in given.items() if inputs is not None] != [data.method]:
        return Refused(codes.SCORE_INPUTS, f"The method {data.method} has its own inputs, and no others.")
    if data.wsjf is None:
        return ACCEPTED
    return scores.check_size(data.wsjf) or accept(scores.flag(data.wsjf))
