"""The rules of money: what may move from which account to which."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import accounts, books, change_request, control, corrections, limits, portfolio
from portfolio_ledger.domain.accounts import FROM_PORTFOLIO, Account, Place, Posting, Reservation, Transfer
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState, accept, member_of
from portfolio_schemas import codes
from portfolio_schemas.events.funding import (
    AccountingPeriodClosed,
    AccountingPeriodReopened,
    AccrualReversed,
    CapitalisationSet,
    CostAccrued,
    CostPosted,
    CostReversed,
    FundingApproved,
    FundingCarriedOver,
    FundingEvent,
    FundingRequested,
    FundingReturned,
    FundingWithdrawn,
    FundsReallocated,
    FundsReserved,
    ReservationCancelled,
    RunRateForecast,
    TrancheReleased,
)

Posted = CostPosted | CostAccrued
Reversed = CostReversed | AccrualReversed
BooksEvent = AccountingPeriodClosed | AccountingPeriodReopened
OfOneMember = FundingRequested | TrancheReleased | FundsReserved | ReservationCancelled | FundingWithdrawn | FundingReturned


class Request(SubjectState, frozen=True):
    """A request for money: for whom, how much, by whom, and whether it was granted."""

    home: str
    minor: int
    requested_by: str
    state: Literal["Requested", "Approved"] = "Requested"

    @property
    def member(self) -> str:
        """The member that it is for."""
        return self.home


KINDS: Mapping[str, type[State]] = {"funding": Request, **accounts.KINDS, **limits.KINDS}


def reads(fact: Fact, data: FundingEvent, states: States) -> Iterable[str]:
    """Name the accounts and indexes that the rules look at."""
    match data:
        case FundingApproved():
            request = request_of(states, data.request)
            return (accounts.POOL, *((accounts.key_of(request.home),) if request else ()))
        case TrancheReleased():
            change = (data.change_request,) if data.change_request else ()
            return (accounts.key_of(data.member), accounts.POOL, limits.KEY, *change)
        case FundsReserved() | ReservationCancelled():
            return accounts.key_of(data.member), accounts.reservation_key(data.member, data.order)
        case CostPosted() | CostAccrued() | CostReversed() | AccrualReversed():
            return _reads_posted(fact, data)
        case FundsReallocated() | FundingCarriedOver():
            return accounts.key_of(data.from_), accounts.key_of(data.to)
        case FundingRequested() | FundingWithdrawn() | FundingReturned():
            return accounts.key_of(data.member), accounts.POOL
        case AccountingPeriodClosed() | AccountingPeriodReopened():
            return (books.KEY,)
        case CapitalisationSet() | RunRateForecast():
            return ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: FundingEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into accounts. Every amount is a transfer."""
    match data:
        case FundingRequested():
            return {fact.subject: Request(data.member, data.amount.minor, fact.actor, born_at=fact.time)}
        case AccountingPeriodClosed():
            return {books.KEY: books.Books(books.of(states).closed | {data.period})}
        case AccountingPeriodReopened():
            return {books.KEY: books.Books(books.of(states).closed - {data.period})}
        case CapitalisationSet() | RunRateForecast():
            return {}
        case _:
            currency = "" if isinstance(data, ReservationCancelled) else data.amount.currency
            moved = accounts.applied(transfers(fact, data, states), states, currency)
            return {**moved, **_kept(fact, data, states, moved)}


def transfers(
    fact: Fact,
    data: FundingApproved | FundsReallocated | FundingCarriedOver | OfOneMember | Posted | Reversed,
    states: States,
) -> list[Transfer]:
    """Return what a fact moves between which accounts."""
    match data:
        case FundingRequested():
            return []
        case FundingApproved():
            request = request_of(states, data.request)
            return [Transfer(FROM_PORTFOLIO, Place(request.home, "approved"), data.amount.minor)] if request else []
        case TrancheReleased():
            waits = accounts.of(states, data.member).granted > 0
            source = Place(data.member, "approved") if waits else FROM_PORTFOLIO
            return [Transfer(source, Place(data.member, "released"), data.amount.minor)]
        case FundsReserved():
            return [Transfer(Place(data.member, "released"), Place(data.member, "reserved"), data.amount.minor)]
        case ReservationCancelled():
            left = accounts.left_of(states, data.member, data.order)
            return [Transfer(Place(data.member, "reserved"), Place(data.member, "released"), left)]
        case CostPosted() | CostAccrued():
            return _spent(fact, data, states)
        case CostReversed() | AccrualReversed():
            return [Transfer(Place(data.member, "spent"), Place(data.member, "released"), data.amount.minor)]
        case FundsReallocated():
            return [Transfer(Place(data.from_, "released"), Place(data.to, "released"), data.amount.minor)]
        case FundingWithdrawn() | FundingReturned():
            return accounts.taken_back(accounts.of(states, data.member), data.member, FROM_PORTFOLIO, data.amount.minor)
        case FundingCarriedOver():
            account = accounts.of(states, data.from_)
            return accounts.taken_back(account, data.from_, Place(data.to, "released"), data.amount.minor)
        case _:
            assert_never(data)


def decide(fact: Fact, data: FundingEvent, states: States) -> Decision:
    """Judge a fact about money. What was spent is spent, whatever was released; everything else stays within what there is."""
    match data:
        case FundingRequested():
            return _decide_requested(fact, states)
        case FundingApproved():
            return _decide_approved(fact, data, states)
        case TrancheReleased():
            return _decide_released(data, states, fact) or ACCEPTED
        case FundsReserved():
            if accounts.left_of(states, data.member, data.order):
                return Refused(
                    codes.ORDER_TWICE,
                    f"{data.order} has a reservation of {data.member} already: cancel that before, or name another order.",
                )
            return _check_balance(data.member, accounts.of(states, data.member).released, data.amount.minor) or ACCEPTED
        case ReservationCancelled():
            if not accounts.left_of(states, data.member, data.order):
                return Refused(
                    codes.UNKNOWN_ORDER,
                    f"Nothing of {data.member} is reserved for {data.order}: name an order that has a reservation.",
                )
            return ACCEPTED
        case CostPosted() | CostAccrued():
            return _decide_posted(fact, data, states)
        case CostReversed() | AccrualReversed():
            return _decide_reversed(fact, data, states)
        case FundsReallocated():
            return _decide_reallocated(fact, data, states)
        case FundingWithdrawn() | FundingReturned():
            return _check_balance(data.member, accounts.of(states, data.member).available, data.amount.minor) or ACCEPTED
        case AccountingPeriodClosed() | AccountingPeriodReopened():
            return _decide_books(data, states)
        case CapitalisationSet() | RunRateForecast() | FundingCarriedOver():
            return ACCEPTED
        case _:
            assert_never(data)


def request_of(states: States, key: str) -> Request | None:
    """Return a request for money, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Request) else None


def _reads_posted(fact: Fact, data: Posted | Reversed) -> Iterable[str]:
    yield accounts.key_of(data.member)
    yield control.key_of(data.member)
    if fact.corrects is not None:
        yield accounts.posting_key(fact.corrects)
    if isinstance(data, CostPosted) and data.order is not None:
        yield accounts.reservation_key(data.member, data.order)


def _kept(
    fact: Fact,
    data: FundingApproved | FundsReallocated | FundingCarriedOver | OfOneMember | Posted | Reversed,
    states: States,
    moved: Mapping[str, State],
) -> Mapping[str, State]:
    """Return what is remembered of a transfer beside the accounts."""
    match data:
        case FundingApproved():
            request = request_of(states, data.request)
            if request is None:
                return {}
            key = accounts.key_of(request.home)
            account = _account(moved, key)
            granted = replace(account, granted=account.granted + data.amount.minor)
            return {data.request: replace(request, state="Approved"), key: granted}
        case TrancheReleased():
            key = accounts.key_of(data.member)
            account = _account(moved, key)
            member, home = member_of(states, data.member), portfolio.of(states, fact.portfolio_key)
            counted = member is not None and home is not None and (member.currency or home.currency) == home.currency
            limited = limits.released(states, data.valid_from, data.amount.minor) if counted else dict[str, State]()
            return {key: replace(account, tranches=account.tranches | {data.tranche_no}), **limited}
        case FundsReserved():
            return {accounts.reservation_key(data.member, data.order): Reservation(data.amount.minor)}
        case ReservationCancelled():
            return {accounts.reservation_key(data.member, data.order): Reservation(0)}
        case CostPosted() | CostAccrued():
            posting = {accounts.posting_key(fact.entry): Posting(data.member, data.amount.minor)}
            order = data.order if isinstance(data, CostPosted) else None
            if order is None:
                return posting
            left = max(accounts.left_of(states, data.member, order) - data.amount.minor, 0)
            return {**posting, accounts.reservation_key(data.member, order): Reservation(left)}
        case _:
            return {}


def _account(moved: Mapping[str, State], key: str) -> Account:
    state = moved.get(key)
    return state if isinstance(state, Account) else Account()


def _spent(fact: Fact, data: Posted, states: States) -> list[Transfer]:
    spent, released = Place(data.member, "spent"), Place(data.member, "released")
    original = accounts.posting_of(states, fact.corrects)
    undone = [Transfer(spent, released, original.minor)] if original else []
    order = data.order if isinstance(data, CostPosted) else None
    reserved = min(accounts.left_of(states, data.member, order), data.amount.minor)
    parts = ((Place(data.member, "reserved"), reserved), (released, data.amount.minor - reserved))
    return [*undone, *(Transfer(source, spent, part) for source, part in parts if part)]


def _decide_requested(fact: Fact, states: States) -> Decision:
    known = request_of(states, fact.subject)
    if known is not None and known.state == "Requested":
        return Refused(codes.WRONG_STATE, f"{fact.subject} waits for its answer already: ask under another subject.")
    return ACCEPTED


def _decide_approved(fact: Fact, data: FundingApproved, states: States) -> Decision:
    request = request_of(states, data.request)
    if request is None or request.state == "Approved":
        return Refused(
            codes.WRONG_STATE,
            f"{data.request} is no request that waits for an answer: it was granted already, or never asked for.",
        )
    if fact.actor == request.requested_by:
        return Refused(codes.SELF_APPROVAL, f"{fact.actor} asked for it: somebody else approves it.")
    return ACCEPTED


def _decide_released(data: TrancheReleased, states: States, fact: Fact) -> Refused | None:
    account, member = accounts.of(states, data.member), member_of(states, data.member)
    if data.valid_to < data.valid_from:
        return Refused(codes.PLAN_ORDER, f"The tranche would end at {data.valid_to}, before it begins at {data.valid_from}.")
    if data.tranche_no in account.tranches:
        return Refused(
            codes.TRANCHE_TWICE, f"Tranche {data.tranche_no} of {data.member} is released already: give this one the next number."
        )
    if account.tranches and member is not None and member.mode != "product":
        change = change_request.of(states, data.change_request) if data.change_request else None
        if change is None or change.state != "Approved" or change.initiative != data.member:
            detail = f"{data.member} has a fixed budget: another tranche names an approved change request of it."
            return Refused(codes.MODE, detail)
    if account.granted and data.amount.minor > account.approved:
        return Refused(
            codes.OVER_APPROVED,
            f"{account.approved} minor units are approved for {data.member} and not released: request more.",
        )
    home = portfolio.of(states, fact.portfolio_key)
    if home is None or data.amount.currency != home.currency:
        return None
    return limits.check_release(states, data.valid_from, data.amount.minor)


def _check_balance(member: str, available: int, minor: int) -> Refused | None:
    if minor > available:
        return Refused(codes.OVER_BALANCE, f"{member} has {available} minor units left, not {minor}.")
    return None


def _decide_posted(fact: Fact, data: Posted, states: States) -> Decision:
    member = member_of(states, data.member)
    original = accounts.posting_of(states, fact.corrects)
    if original is not None and original.member != data.member:
        return corrections.fixed("member", original.member)
    if member is not None and not member.takes_costs and original is None:
        return Refused(codes.ENDED, f"{data.member} became another: post the cost to that one, or as a correction.")
    account = accounts.of(states, data.member)
    left = account.released + account.reserved + (original.minor if original else 0) - data.amount.minor
    return accept(
        codes.MEMBER_ENDED if member is not None and member.has_ended and original is None else None,
        codes.OVERSPENT if account.received and left < 0 else None,
        codes.DURING_EXCEPTION if control.of(states, data.member).exception_by is not None else None,
    )


def _decide_reversed(fact: Fact, data: Reversed, states: States) -> Decision:
    original = accounts.posting_of(states, fact.corrects)
    if original is None:
        return ACCEPTED
    if original.member != data.member:
        return corrections.fixed("member", original.member)
    if data.amount.minor > original.minor:
        return Refused(
            codes.OVER_ORIGINAL,
            f"Entry {fact.corrects} posted {original.minor} minor units, not {data.amount.minor}: reverse no more than that.",
        )
    return ACCEPTED


def _decide_reallocated(fact: Fact, data: FundsReallocated, states: States) -> Decision:
    home, target = portfolio.of(states, fact.portfolio_key), member_of(states, data.to)
    if data.from_ == data.to:
        return Refused(codes.SAME_ACCOUNT, f"{data.from_} cannot give to itself: name another member in `to`.")
    if target is not None and target.has_ended:
        return Refused(codes.ENDED, f"{data.to} has ended; it takes no money any more.")
    currency = (target and target.currency) or (home and home.currency)
    if data.amount.currency != currency:
        return Refused(codes.CURRENCY, f"{data.to} is kept in {currency}, the amount is in {data.amount.currency}.")
    return _check_balance(data.from_, accounts.of(states, data.from_).released, data.amount.minor) or ACCEPTED


def _decide_books(data: BooksEvent, states: States) -> Decision:
    is_closed = data.period in books.of(states).closed
    if isinstance(data, AccountingPeriodClosed) == is_closed:
        return Refused(codes.WRONG_STATE, f"The period {data.period} is {'closed' if is_closed else 'open'} already.")
    return ACCEPTED
