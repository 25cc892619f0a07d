"""The rules by which products are merged and split: everything that is open goes to exactly one of those that go on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from portfolio_ledger.domain import accounts, item, matters, portfolio, succession
from portfolio_ledger.domain.decider import Accepted, Consequence, Decision, Fact, Refused, States, member_of
from portfolio_schemas import codes
from portfolio_schemas.events.product import Origin, ProductOpenedFrom, ProductPart, ProductsMerged, ProductSplit


def reads(fact: Fact, data: ProductsMerged | ProductSplit, states: States) -> Iterable[str]:
    """Name what a merger or a split looks at, and what its consequences will."""
    own = (*succession.keys(fact.subject), *matters.of(states, fact.subject).subjects)
    if isinstance(data, ProductsMerged):
        after = (data.after,) if data.after else ()
        return (*own, *succession.keys(data.into), *data.items, *after)
    parts = (key for part in data.into for key in (part.product, *succession.keys(part.product), *part.items))
    return (*own, *parts)


def decide_merged(fact: Fact, data: ProductsMerged, states: States) -> Decision:
    """Judge a merger, and let everything go along."""
    target = member_of(states, data.into)
    if data.into == fact.subject:
        return Refused(codes.SAME_ACCOUNT, f"{fact.subject} cannot become a part of itself: name another product in `into`.")
    if target is not None and target.has_ended:
        return Refused(codes.TARGET_ENDED, f"{data.into} has ended: merge into a product that lives.")
    refused = (
        succession.check_left(fact.subject, states)
        or succession.check_items(fact.subject, data.items, states)
        or _check_after(data, states)
    )
    if refused:
        return refused
    left = accounts.of(states, fact.subject).available
    opened = ProductOpenedFrom(origins=[Origin(member=fact.subject, share="1")])
    return Accepted(
        consequences=(
            Consequence(data.into, opened),
            *succession.transferred(data.items, data.into, data.after),
            *succession.carried(fact.subject, data.into, left, _currency(fact, states)),
            *succession.matters_carried(fact.subject, data.into, matters.of(states, fact.subject).subjects, states),
        )
    )


def decide_split(fact: Fact, data: ProductSplit, states: States) -> Decision:
    """Judge a split, and let everything go to the part that names it."""
    refused = (
        _check_parts(fact, data.into, states)
        or succession.check_left(fact.subject, states)
        or succession.check_items(fact.subject, [key for part in data.into for key in part.items], states)
        or _check_matters(fact, data.into, states)
    )
    if refused:
        return refused
    amounts = _shared(accounts.of(states, fact.subject).available, [Decimal(part.share) for part in data.into])
    following = list[Consequence]()
    for part, amount in zip(data.into, amounts, strict=True):
        opened = ProductOpenedFrom(origins=[Origin(member=fact.subject, share=part.share)], opened=part.opened)
        following += [
            Consequence(part.product, opened),
            *succession.transferred(part.items, part.product),
            *succession.carried(fact.subject, part.product, amount, _currency(fact, states)),
            *succession.matters_carried(fact.subject, part.product, part.matters, states),
        ]
    return Accepted(consequences=tuple(following))


def _check_after(data: ProductsMerged, states: States) -> Refused | None:
    if data.after is None:
        return None
    known = item.of(states, data.after)
    if known is None or known.backlog != data.into or not known.is_open:
        return Refused(codes.UNKNOWN_ITEM, f"{data.after} is no open item of {data.into}.")
    return None


def _check_parts(fact: Fact, parts: Sequence[ProductPart], states: States) -> Refused | None:
    total = sum(Decimal(part.share) for part in parts)
    if total != 1:
        return Refused(codes.ALLOCATION_SUM, f"The shares of the parts add up to {total}, not to 1.")
    names = [part.product for part in parts]
    if fact.subject in names or len(set(names)) < len(names):
        return Refused(codes.SAME_ACCOUNT, f"The parts of {fact.subject} are different products, and none is itself.")
    for part in parts:
        known = member_of(states, part.product)
        if known is None and part.opened is None:
            return Refused(codes.UNKNOWN_PRODUCT, f"There is no {part.product}: describe it in `opened`, where it is new.")
        if known is not None and part.opened is not None:
            return Refused(codes.ALREADY_EXISTS, f"{part.product} exists already: leave `opened` out.")
        if known is not None and known.has_ended:
            return Refused(codes.TARGET_ENDED, f"{part.product} has ended: a part goes to a product that lives, or to a new one.")
    return None


def _check_matters(fact: Fact, parts: Sequence[ProductPart], states: States) -> Refused | None:
    named = Counter(key for part in parts for key in part.matters)
    there = matters.of(states, fact.subject).subjects
    wrong = next((key for key, count in named.items() if count > 1 or key not in there), None)
    if wrong is not None:
        return Refused(codes.UNACCOUNTED_SCOPE, f"{wrong} is named {named[wrong]} times, or is no open matter of {fact.subject}.")
    missing = sorted(there - named.keys())
    if missing:
        return Refused(
            codes.UNACCOUNTED_SCOPE,
            f"{missing[0]} is open and goes to no part ({len(missing)} in all): name each in one of them.",
        )
    return None


def _shared(minor: int, shares: Sequence[Decimal]) -> list[int]:
    """Share an amount out so that the parts are all of it: what rounding leaves goes to the first parts, a unit each."""
    amounts = [int(minor * share) for share in shares]
    left = minor - sum(amounts)
    return [amount + (number < left) for number, amount in enumerate(amounts)]


def _currency(fact: Fact, states: States) -> str:
    home = portfolio.of(states, fact.portfolio_key)
    return home.currency if home else ""
