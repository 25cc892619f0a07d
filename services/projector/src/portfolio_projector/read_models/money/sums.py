"""Sums of money at a moment: what was spent by then, and what each account held. Pure; amounts are minor units."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from portfolio_projector.read_models.money.state import Account, Money, Posting

By = Callable[[datetime], bool]
"""Tells whether a time is past at the moment that is asked about."""


class Balances(NamedTuple):
    """What the accounts of a member hold: the balance is what is released and neither reserved nor spent."""

    approved: int
    released: int
    balance: int
    reserved: int
    spent: int


def always(_: datetime) -> bool:
    """Take everything that is known."""
    return True


def held_by(money: Money, until: datetime) -> Money:
    """Return what of money was true by an instant."""
    accounts = {member: _account_by(account, until) for member, account in money.accounts.items()}
    held = msgspec.structs.replace(money, accounts=accounts, closed={}, closings=[])
    for closing in money.closings:
        if closing.time <= until:
            held.close(closing)
    return held


def _account_by(account: Account, until: datetime) -> Account:
    held = msgspec.structs.replace(
        account,
        postings=[posting for posting in account.postings if posting.time <= until],
        moves=[],
        tranches=[tranche for tranche in account.tranches if tranche.time <= until],
        orders={},
        waiting=0,
    )
    for move in account.moves:
        if move.time <= until:
            held.move(move)
    return held


def postings(account: Account, by: By = always) -> Iterator[Posting]:
    """Return what was posted by a moment."""
    return (posting for posting in account.postings if by(posting.time))


def spent(account: Account, by: By = always) -> int:
    """Return all that was spent by a moment, less what was taken back."""
    return sum(posting.minor for posting in postings(account, by))


def balances(account: Account, by: By = always) -> Balances:
    """Return what the accounts held at a moment; `released` is all that could be spent until then, whatever became of it."""
    moves = [move for move in account.moves if by(move.time)]
    released, reserved = sum(move.released for move in moves), sum(move.reserved for move in moves)
    paid = spent(account, by)
    return Balances(
        approved=sum(move.approved for move in moves),
        released=released + reserved,
        balance=released - paid,
        reserved=reserved,
        spent=paid,
    )


def by_key(postings_: Iterable[Posting], key: Callable[[Posting], str | None]) -> dict[str, int]:
    """Add postings up by what they have, such as the month of the books or the kind of work; without one they are left out."""
    sums = dict[str, int]()
    for posting in postings_:
        name = key(posting)
        if name is not None:
            sums[name] = sums.get(name, 0) + posting.minor
    return sums
