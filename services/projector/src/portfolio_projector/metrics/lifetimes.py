"""Lifetime costs: what initiatives and products cost with all that they came from. Pure; amounts are minor units.

What became something else passes all of its cost on, its own and what it took over, by the shares of those that go on. Nothing is
lost or counted twice: the parts of a split add up to what was split, what rounding leaves goes to the first parts, a unit each.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from portfolio_projector.metrics import reasons
from portfolio_projector.metrics.reasons import Unknown


class Cost(NamedTuple):
    """An amount, and its currency; None where nothing was ever posted."""

    minor: int
    currency: str | None


class Step(NamedTuple):
    """Something became others, by shares that add up to 1."""

    source: str
    parts: Sequence[tuple[str, Decimal]]


def inherited(own: Mapping[str, Cost], steps: Iterable[Step]) -> dict[str, Cost | Unknown]:
    """Return what each member took over, given all steps in their order: nothing flows into what has become something else."""
    found = dict[str, Cost | Unknown]()
    for source, parts in steps:
        whole = total(own.get(source, Cost(0, None)), found.get(source, Cost(0, None)))
        amounts = [whole] * len(parts) if isinstance(whole, Unknown) else _shared(whole, [share for _, share in parts])
        for (member, _), amount in zip(parts, amounts, strict=True):
            found[member] = total(found.get(member, Cost(0, None)), amount)
    return found


def total(one: Cost | Unknown, other: Cost | Unknown) -> Cost | Unknown:
    """Add two amounts; of two currencies there is no sum."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return one if isinstance(one, Unknown) else other
    currencies = {cost.currency for cost in (one, other) if cost.currency is not None}
    if len(currencies) > 1:
        return reasons.CURRENCIES
    return Cost(one.minor + other.minor, next(iter(currencies), None))


def _shared(whole: Cost, shares: Sequence[Decimal]) -> list[Cost]:
    amounts = [int(whole.minor * share) for share in shares]
    left = whole.minor - sum(amounts)
    step = 1 if left >= 0 else -1
    return [Cost(amount + (step if number < abs(left) else 0), whole.currency) for number, amount in enumerate(amounts)]
