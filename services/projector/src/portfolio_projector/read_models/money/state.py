"""What is known of money: for each member, what was spent when and on what, and what came and went between its accounts.

Amounts are minor units of the member's currency. Everything has its time, so that sums can be taken at any moment.
"""

from bisect import bisect_right
from datetime import datetime
from operator import attrgetter
from typing import Literal

import msgspec

Kind = Literal["cost", "accrual", "reversal"]
"""A reversal takes back a cost or an accrual, or what a correction replaces in a month that is closed."""


class Posting(msgspec.Struct, frozen=True, array_like=True):
    """Something that was spent, or taken back: `minor` is below 0 then.

    `entry` is the one that says so now, `origin` the one that said so first; `time` and the place in the list are the origin's.
    `period` is the month of the books.
    """

    origin: int
    entry: int
    time: datetime
    minor: int
    period: str
    kind: Kind
    category: str
    work_type: str | None = None
    treatment: str | None = None


class Move(msgspec.Struct, frozen=True, array_like=True):
    """What one entry adds to the accounts of a member, below 0 for what it takes away.

    `approved` waits to be released, `released` can be spent, `reserved` is set aside for orders. `other` is the member from which
    it comes or to which it goes, None for the portfolio or for another account of the same member. `order` is the one that it is
    reserved for, or was.
    """

    entry: int
    time: datetime
    approved: int = 0
    released: int = 0
    reserved: int = 0
    other: str | None = None
    order: str | None = None


class Closing(msgspec.Struct, frozen=True, array_like=True):
    """A month of the books was closed, or opened again."""

    entry: int
    time: datetime
    period: str
    is_closed: bool


class Tranche(msgspec.Struct, frozen=True, array_like=True):
    """Money that was released, and the days from and until which it is meant to be spent, `2026-03-31`."""

    entry: int
    time: datetime
    number: int
    minor: int
    valid_from: str
    valid_to: str


class Account(msgspec.Struct):
    """The money of one member.

    `postings` and `moves` are in the order of the log. `replaced` leads from a correction to the posting that it changed, and
    from a posting that stayed in a closed month to the one that stands for it; `reversals` are the places of what took a posting
    back, by its origin. Both have numbers as texts, which a snapshot can sort. `orders` are what is left of reservations;
    `granted` is all that requests brought, `waiting` what is approved and not released.
    """

    currency: str | None = None
    postings: list[Posting] = []
    moves: list[Move] = []
    tranches: list[Tranche] = []
    replaced: dict[str, int] = {}
    reversals: dict[str, list[int]] = {}
    orders: dict[str, int] = {}
    granted: int = 0
    waiting: int = 0

    def move(self, move: Move) -> None:
        """Let money come and go."""
        self.moves.append(move)
        self.waiting += move.approved
        if move.order is not None:
            left = self.orders.pop(move.order, 0) + move.reserved
            if left:
                self.orders[move.order] = left

    def standing(self, entry: int) -> int | None:
        """Return the place of the posting that stands for what an entry posted; None where it posted nothing here."""
        while str(entry) in self.replaced:
            entry = self.replaced[str(entry)]
        place = bisect_right(self.postings, entry, key=attrgetter("origin")) - 1
        return place if place >= 0 and self.postings[place].origin == entry else None


class Money(msgspec.Struct):
    """The money of the member in `scope`, or of all members where that is empty.

    `closed` are the months of the books that are closed, `closings` says in the order of the log how that came. `requests` are
    the members for which money was asked, by the subject of the request.
    """

    scope: str = ""
    accounts: dict[str, Account] = {}
    closed: dict[str, int] = {}
    closings: list[Closing] = []
    requests: dict[str, str] = {}

    def close(self, closing: Closing) -> None:
        """Close a month of the books, or open it again."""
        self.closings.append(closing)
        if closing.is_closed:
            self.closed[closing.period] = closing.entry
        else:
            self.closed.pop(closing.period, None)

    def of(self, member: str) -> Account:
        """Return what is known of a member."""
        return self.accounts.get(member) or Account()
