"""Scores by weighted shortest job first: what can be divided, and what is usual."""

from decimal import Decimal

from portfolio_ledger.domain.decider import Refused
from portfolio_schemas import codes
from portfolio_schemas.codes import Code
from portfolio_schemas.values import WsjfInputs

USUAL = frozenset(map(Decimal, ("1", "2", "3", "5", "8", "13", "20", "21")))


def check_size(inputs: WsjfInputs) -> Refused | None:
    """Refuse a size that nothing can be divided by."""
    if Decimal(inputs.size) > 0:
        return None
    return Refused(codes.SCORE_SIZE, f"The size is {inputs.size}; it must be above 0.")


def flag(inputs: WsjfInputs) -> Code | None:
    """Flag scores outside of the usual scale."""
    scores = (inputs.value, inputs.time_criticality, inputs.risk_reduction, inputs.size)
    return None if all(Decimal(score) in USUAL for score in scores) else codes.UNUSUAL_SCORE
