"""Succession: what goes along when an initiative or a product becomes another, so that nothing open stays behind.

The consequences made here enter the log together with what caused them, in one append. `keys` are what they look at, so that they
can be made after two look-ups.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from portfolio_ledger.domain import accounts, backlogs, benefit, dependency, item, matters
from portfolio_ledger.domain.decider import Consequence, Refused, States
from portfolio_schemas import codes
from portfolio_schemas.events.benefit import BenefitCarriedOver
from portfolio_schemas.events.dependency import DependencyFulfilled, DependencyRepointed
from portfolio_schemas.events.funding import FundingCarriedOver
from portfolio_schemas.events.incident import IncidentCarriedOver
from portfolio_schemas.events.issue import IssueCarriedOver
from portfolio_schemas.events.item import ItemTransferred
from portfolio_schemas.events.risk import RiskCarriedOver
from portfolio_schemas.events.team import TeamFreed, TeamRetained
from portfolio_schemas.values import Amount


def keys(member: str) -> tuple[str, ...]:
    """Return the keys of the indexes of a member that something leaves or enters."""
    return accounts.key_of(member), backlogs.key_of(member), matters.key_of(member)


def check_left(member: str, states: States) -> Refused | None:
    """Refuse what cannot go along: money that is reserved for orders."""
    reserved = accounts.of(states, member).reserved
    if reserved:
        return Refused(
            codes.OPEN_RESERVATIONS, f"{reserved} minor units of {member} are reserved: cancel the reservations, or spend them."
        )
    return None


def check_items(member: str, named: Sequence[str], states: States) -> Refused | None:
    """Refuse a list of items that is not exactly the open ones of a member, each once."""
    twice = next((key for key, count in Counter(named).items() if count > 1), None)
    if twice is not None:
        return Refused(codes.UNACCOUNTED_SCOPE, f"{twice} is named twice in `items`.")
    for key in named:
        known = item.of(states, key)
        if known is None or not known.is_open or known.backlog != member:
            return Refused(codes.UNACCOUNTED_SCOPE, f"{key} is no open item of {member}: leave it out of `items`.")
    there = backlogs.open_items(states, member)
    if there != len(named):
        return Refused(
            codes.UNACCOUNTED_SCOPE,
            f"{member} has {there} open items, {len(named)} are named in `items`: name each, in its order.",
        )
    return None


def transferred(named: Iterable[str], to: str, after: str | None = None) -> list[Consequence]:
    """Let items go to another backlog, one after the other."""
    following = list[Consequence]()
    for key in named:
        following.append(Consequence(key, ItemTransferred(to=to, after=after)))
        after = key
    return following


def carried(member: str, to: str, minor: int, currency: str) -> list[Consequence]:
    """Let money go along, where there is some."""
    if minor <= 0:
        return []
    subject = f"funding/{member.partition('/')[2]}"
    amount = Amount(minor=minor, currency=currency)
    return [Consequence(subject, FundingCarriedOver.model_construct(from_=member, to=to, amount=amount))]


def matters_carried(
    member: str,
    to: str,
    named: Iterable[str],
    states: States,
    *,
    freed: Sequence[str] = (),
    owner: str | None = None,
) -> list[Consequence]:
    """Let open matters go along. A dependency of which both ends become one is fulfilled."""
    following = list[Consequence]()
    for key in sorted(named):
        match key.partition("/")[0]:
            case "risk":
                following.append(Consequence(key, RiskCarriedOver(to=to)))
            case "issue":
                following.append(Consequence(key, IssueCarriedOver(to=to)))
            case "incident":
                following.append(Consequence(key, IncidentCarriedOver(to=to)))
            case "benefit":
                known = benefit.of(states, key)
                following.append(Consequence(key, BenefitCarriedOver(to=to, owner=owner or (known.owner if known else ""))))
            case "dependency":
                following.append(_repointed(member, to, key, states))
            case "team":
                freed_here = key in freed
                follows = TeamFreed(member=member) if freed_here else TeamRetained(member=member, to=to)
                following.append(Consequence(key, follows))
            case kind:
                raise ValueError(f"{kind} is no matter that can go along")
    return following


def _repointed(member: str, to: str, key: str, states: States) -> Consequence:
    ends = dependency.of(states, key)
    if ends is not None and to in (ends.waits, ends.awaited):
        return Consequence(key, DependencyFulfilled(), f"Both ends are {to} now.")
    return Consequence(key, DependencyRepointed(old=member, new=to))
