"""How much of what was promised has come: of a benefit, and of a key result. Pure; values are decimals in one unit.

Sources: Bradley, Benefit Realisation Management; Doerr, Measure What Matters (scores from 0 to 1).
"""

from decimal import Decimal
from fractions import Fraction

from portfolio_projector.metrics.reasons import (
    NO_BENEFIT_BASELINE,
    NO_DISTANCE,
    NO_TARGET_SET,
    NOT_MEASURED,
    TARGET_ZERO,
    Unknown,
)

Value = Decimal | None


def lower_is_better(baseline: Value, target: Value) -> bool:
    """Tell whether less is promised than there was."""
    return baseline is not None and target is not None and target < baseline


def is_reached(baseline: Value, target: Value, value: Value) -> bool:
    """Tell whether what was measured is the target, or beyond it."""
    if target is None or value is None:
        return False
    return value <= target if lower_is_better(baseline, target) else value >= target


def realised(baseline: Value, target: Value, value: Value) -> Fraction | Unknown:
    """Return the share of the target that is there: value / target.

    Where less is better, the share of the way from the baseline down to the target: (baseline - value) / (baseline - target).
    """
    if target is None:
        return NO_TARGET_SET
    if value is None:
        return NOT_MEASURED
    if lower_is_better(baseline, target):
        return gained(baseline, target, value)
    return Fraction(value) / Fraction(target) if target else TARGET_ZERO


def gained(baseline: Value, target: Value, value: Value) -> Fraction | Unknown:
    """Return the share of the way from the baseline to the target, up or down: (value - baseline) / (target - baseline)."""
    if target is None:
        return NO_TARGET_SET
    if baseline is None:
        return NO_BENEFIT_BASELINE
    if value is None:
        return NOT_MEASURED
    way = Fraction(target) - Fraction(baseline)
    return (Fraction(value) - Fraction(baseline)) / way if way else NO_DISTANCE


def score(start: Decimal, target: Decimal, value: Value) -> Fraction | Unknown:
    """Return the score of a key result: the share of the way from its start to its target, not below 0 and not above 1."""
    found = gained(start, target, value)
    return found if isinstance(found, Unknown) else min(max(found, Fraction(0)), Fraction(1))
