"""The accounts of money: every event of money is a list of transfers between two accounts, so that their sum stays 0.

A member has four: `approved` (granted and not yet released), `released` (its balance), `reserved`, `spent`. The portfolio is the
account from which all of it comes: its balance is below 0 by exactly what its members hold and have spent.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from msgspec.structs import replace

from portfolio_ledger.domain.decider import State, States

AccountName = Literal["approved", "released", "reserved", "spent"]
POOL = "pool/portfolio"


class Account(State, frozen=True):
    """What is in the accounts of one member, in minor units of its currency, and what led to it.

    `received` is all that ever came from the portfolio or another member, `granted` what requests brought of it; `tranches` are
    the numbers of those released.
    """

    approved: int = 0
    released: int = 0
    reserved: int = 0
    spent: int = 0
    received: int = 0
    granted: int = 0
    tranches: frozenset[int] = frozenset()

    @property
    def available(self) -> int:
        """What can still be withdrawn, returned or carried over: not released, or released and neither reserved nor spent."""
        return self.approved + self.released


class Pool(State, frozen=True):
    """What the portfolio has given to its members, below 0, by currency."""

    balances: Mapping[str, int]


class Posting(State, frozen=True):
    """A posted amount, and of whom: what a reversal or a correction looks at."""

    member: str
    minor: int


class Reservation(State, frozen=True):
    """What is left of what was reserved for an order."""

    left: int


KINDS: Mapping[str, type[State]] = {"account": Account, "pool": Pool, "posting": Posting, "reservation": Reservation}


class Place(NamedTuple):
    """One account: of a member, or the portfolio's where `member` is None."""

    member: str | None
    name: AccountName = "approved"


class Transfer(NamedTuple):
    """An amount in minor units that goes from one account to another."""

    source: Place
    target: Place
    minor: int


FROM_PORTFOLIO = Place(None)


def key_of(member: str) -> str:
    """Return the key of a member's accounts."""
    return f"account/{member}"


def posting_key(entry: int) -> str:
    """Return the key of what an entry posted."""
    return f"posting/{entry}"


def reservation_key(member: str, order: str) -> str:
    """Return the key of a reservation."""
    return f"reservation/{member}/{order}"


def of(states: States, member: str) -> Account:
    """Return the accounts of a member."""
    state = states.get(key_of(member))
    return state if isinstance(state, Account) else Account()


def posting_of(states: States, entry: int | None) -> Posting | None:
    """Return what an entry posted, None where it posted nothing."""
    state = None if entry is None else states.get(posting_key(entry))
    return state if isinstance(state, Posting) else None


def left_of(states: States, member: str, order: str | None) -> int:
    """Return what is left of a reservation, 0 where there is none."""
    state = None if order is None else states.get(reservation_key(member, order))
    return state.left if isinstance(state, Reservation) else 0


def applied(transfers: Iterable[Transfer], states: States, currency: str) -> dict[str, State]:
    """Return the accounts after transfers."""
    changed: dict[str, State] = {}
    for transfer in transfers:
        for place, minor in ((transfer.source, -transfer.minor), (transfer.target, transfer.minor)):
            if place.member is None:
                changed[POOL] = _pooled(changed.get(POOL, states.get(POOL)), currency, minor)
            else:
                key = key_of(place.member)
                known = changed.get(key)
                account = known if isinstance(known, Account) else of(states, place.member)
                gained = minor if minor > 0 and transfer.source.member != place.member else 0
                changed[key] = replace(_moved(account, place.name, minor), received=account.received + gained)
    return changed


def taken_back(account: Account, member: str, target: Place, minor: int) -> list[Transfer]:
    """Return the transfers that take an amount from a member: first what is approved and not released, then the balance."""
    unreleased = min(max(account.approved, 0), minor)
    parts = ((Place(member, "approved"), unreleased), (Place(member, "released"), minor - unreleased))
    return [Transfer(source, target, part) for source, part in parts if part]


def _moved(account: Account, name: AccountName, minor: int) -> Account:
    match name:
        case "approved":
            return replace(account, approved=account.approved + minor)
        case "released":
            return replace(account, released=account.released + minor)
        case "reserved":
            return replace(account, reserved=account.reserved + minor)
        case "spent":
            return replace(account, spent=account.spent + minor)


def _pooled(state: State | None, currency: str, minor: int) -> Pool:
    balances = state.balances if isinstance(state, Pool) else dict[str, int]()
    return Pool({**balances, currency: balances.get(currency, 0) + minor})
