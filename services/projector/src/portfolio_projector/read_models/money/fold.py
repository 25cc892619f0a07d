"""The chronicle `money`: what each event does to the accounts of members. Pure.

It sees corrections themselves. A corrected cost holds at the time of the first one, unless the month in which it was posted is
closed by then: what was posted there stays, and the difference is posted at the time and in the month of the correction, never
before the first one itself.
"""

from typing import Protocol

import msgspec

from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.state import Account, Closing, Money, Move, Posting, Tranche
from portfolio_schemas.events import funding
from portfolio_schemas.values import Money as Amount

TYPES = types_of(
    funding.FundingRequested,
    funding.FundingApproved,
    funding.TrancheReleased,
    funding.FundsReserved,
    funding.ReservationCancelled,
    funding.CostPosted,
    funding.CostAccrued,
    funding.CostReversed,
    funding.AccrualReversed,
    funding.FundsReallocated,
    funding.FundingWithdrawn,
    funding.FundingReturned,
    funding.FundingCarriedOver,
    funding.AccountingPeriodClosed,
    funding.AccountingPeriodReopened,
)

_Spent = funding.CostPosted | funding.CostAccrued


class _Taken(Protocol):
    @property
    def amount(self) -> Amount: ...


def fold(state: Money, fact: Fact) -> None:  # noqa: C901  one line for each type of event
    """Fold one event; what has no premise is passed over."""
    match fact.data:
        case funding.CostPosted() | funding.CostAccrued() as spent:
            _spend(state, fact, spent)
        case funding.CostReversed() | funding.AccrualReversed() as reversed_:
            _reverse(state, fact, reversed_)
        case funding.FundingRequested(member=member):
            state.requests[fact.subject] = member
        case funding.FundingApproved(request=request) as approved:
            _approve(state, fact, request, approved)
        case funding.TrancheReleased() as released:
            _release(state, fact, released)
        case funding.FundsReserved() | funding.ReservationCancelled() as order:
            _reserve(state, fact, order)
        case funding.FundsReallocated() | funding.FundingCarriedOver() as gift:
            _give(state, fact, gift)
        case funding.FundingWithdrawn() | funding.FundingReturned() as back:
            _take(state, fact, back.member, back, None)
        case funding.AccountingPeriodClosed(period=period):
            state.close(Closing(fact.number, fact.time, period, is_closed=True))
        case funding.AccountingPeriodReopened(period=period):
            state.close(Closing(fact.number, fact.time, period, is_closed=False))
        case _:
            pass


def _account(state: Money, member: str, currency: str | None) -> Account | None:
    """Return the account of a member that the state is about."""
    if state.scope and member != state.scope:
        return None
    account = state.accounts.setdefault(member, Account())
    account.currency = account.currency or currency
    return account


def _spend(state: Money, fact: Fact, data: _Spent) -> None:
    account = _account(state, data.member, data.amount.currency)
    if account is None:
        return
    place = None if fact.corrects is None else account.standing(fact.corrects)
    if place is None:
        account.postings.append(_posting(fact, data))
    elif (closed := account.postings[place]).period in state.closed:
        posting = _posting(fact, data)
        _post_anew(account, closed, msgspec.structs.replace(posting, time=max(posting.time, closed.time)))
    else:
        before = account.postings[place]
        account.postings[place] = told = msgspec.structs.replace(_posting(fact, data), origin=before.origin, time=before.time)
        account.replaced[str(fact.number)] = before.origin
        for taken in account.reversals.get(str(before.origin), ()):
            account.postings[taken] = _alike(account.postings[taken], told)
    order = data.order if isinstance(data, funding.CostPosted) else None
    if order is not None and (used := min(account.orders.get(order, 0), data.amount.minor)):
        account.move(Move(fact.number, fact.time, released=used, reserved=-used, order=order))


def _post_anew(account: Account, before: Posting, posting: Posting) -> None:
    """Take a posting back that stays in a closed month, with what was taken back of it, and post it as it is told now."""
    taken = [account.postings[place] for place in account.reversals.get(str(before.origin), ())]
    account.postings += [_against(one, posting) for one in (before, *taken)]
    if taken:
        account.reversals[str(posting.origin)] = [len(account.postings) + number for number in range(len(taken))]
    account.postings += [_alike(msgspec.structs.replace(_against(one, posting), minor=one.minor), posting) for one in taken]
    account.postings.append(posting)
    account.replaced[str(before.origin)] = posting.origin


def _alike(posting: Posting, other: Posting) -> Posting:
    """Return a posting as one of the same kind of cost as another."""
    return msgspec.structs.replace(posting, category=other.category, work_type=other.work_type, treatment=other.treatment)


def _against(one: Posting, by: Posting) -> Posting:
    """Return what takes a posting back, where and when another says so."""
    return msgspec.structs.replace(
        one, origin=by.origin, entry=by.entry, time=by.time, minor=-one.minor, period=by.period, kind="reversal"
    )


def _reverse(state: Money, fact: Fact, data: funding.CostReversed | funding.AccrualReversed) -> None:
    account = _account(state, data.member, data.amount.currency)
    place = None if account is None or fact.corrects is None else account.standing(fact.corrects)
    if account is not None and place is not None:
        before = account.postings[place]
        account.reversals.setdefault(str(before.origin), []).append(len(account.postings))
        account.postings.append(_taken_back(fact, data.period, before, data.amount.minor))


def _posting(fact: Fact, data: _Spent) -> Posting:
    posted = isinstance(data, funding.CostPosted)
    return Posting(
        origin=fact.number,
        entry=fact.number,
        time=fact.time,
        minor=data.amount.minor,
        period=data.period,
        kind="cost" if posted else "accrual",
        category=data.category,
        work_type=data.work_type,
        treatment=data.treatment if posted else None,
    )


def _taken_back(fact: Fact, period: str, before: Posting, minor: int) -> Posting:
    return msgspec.structs.replace(
        before, origin=fact.number, entry=fact.number, time=fact.time, minor=-minor, period=period, kind="reversal"
    )


def _approve(state: Money, fact: Fact, request: str, data: _Taken) -> None:
    member = state.requests.get(request)
    account = None if member is None else _account(state, member, data.amount.currency)
    if account is not None:
        account.granted += data.amount.minor
        account.move(Move(fact.number, fact.time, approved=data.amount.minor))


def _release(state: Money, fact: Fact, data: funding.TrancheReleased) -> None:
    account = _account(state, data.member, data.amount.currency)
    if account is None:
        return
    minor = data.amount.minor
    account.move(Move(fact.number, fact.time, approved=-minor if account.granted else 0, released=minor))
    days = data.valid_from.isoformat(), data.valid_to.isoformat()
    account.tranches.append(Tranche(fact.number, fact.time, data.tranche_no, minor, *days))


def _reserve(state: Money, fact: Fact, data: funding.FundsReserved | funding.ReservationCancelled) -> None:
    account = _account(state, data.member, None)
    if account is None:
        return
    minor = data.amount.minor if isinstance(data, funding.FundsReserved) else -account.orders.get(data.order, 0)
    account.move(Move(fact.number, fact.time, released=-minor, reserved=minor, order=data.order))


def _give(state: Money, fact: Fact, data: funding.FundsReallocated | funding.FundingCarriedOver) -> None:
    """Let one member's money become another's: of its balance, or of all that it has when it becomes the other."""
    minor = data.amount.minor
    if isinstance(data, funding.FundingCarriedOver):
        _take(state, fact, data.from_, data, data.to)
    elif source := _account(state, data.from_, data.amount.currency):
        source.move(Move(fact.number, fact.time, released=-minor, other=data.to))
    if target := _account(state, data.to, data.amount.currency):
        target.move(Move(fact.number, fact.time, released=minor, other=data.from_))


def _take(state: Money, fact: Fact, member: str, data: _Taken, other: str | None) -> None:
    """Take money from a member: first what is approved and not released, then what is left of its balance."""
    account = _account(state, member, data.amount.currency)
    if account is not None:
        unreleased = min(max(account.waiting, 0), data.amount.minor)
        released = unreleased - data.amount.minor
        account.move(Move(fact.number, fact.time, approved=-unreleased, released=released, other=other))


MONEY = chronicle("money", 3, types=TYPES, state=Money, fold=fold, corrections="seen", held_by=sums.held_by)
"""The money of one member. A correction in a month that is closed holds at its own time and any other at the original's."""

MONEY_OF_ALL = chronicle(
    "money_of_all", 3, types=TYPES, state=Money, fold=fold, corrections="seen", held_by=sums.held_by, of_portfolio=True
)
"""The money of all members of a portfolio."""
