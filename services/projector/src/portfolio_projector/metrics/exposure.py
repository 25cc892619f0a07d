"""What open risks may cost: probability times impact. Pure.

Source: PMI, The Standard for Risk Management, expected monetary value.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from portfolio_projector.metrics.reasons import NO_RISKS, NOT_ASSESSED, NOT_GIVEN, Unknown


class Assessed(NamedTuple):
    """How likely a risk is thought to be, and what it would cost: minor units of money, or days; None where nobody said."""

    probability: str
    impact: int | None


def exposure(assessed: Assessed | None) -> Fraction | Unknown:
    """Return the exposure of one risk; an opportunity whose impact is below 0 has one below 0."""
    if assessed is None:
        return NOT_ASSESSED
    return NOT_GIVEN if assessed.impact is None else Fraction(assessed.probability) * assessed.impact


def total(risks: Iterable[tuple[bool, Assessed | None]]) -> Fraction | Unknown:
    """Add up what is known of open risks, given with whether each is open.

    It is 0 where all are closed, and unknown where there never was one, or where of those that are open none is known.
    """
    listed = list(risks)
    if not listed:
        return NO_RISKS
    opened = [exposure(assessed) for is_open, assessed in listed if is_open]
    known = [one for one in opened if isinstance(one, Fraction)]
    return opened[0] if opened and not known else sum(known, Fraction(0))
