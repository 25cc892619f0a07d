"""What a correction may not change, since identity and conservation rest on it; and what it changes."""

from portfolio_ledger.domain.decider import Fact, FieldError, Refused
from portfolio_schemas import codes


def fixed(field: str, value: object) -> Refused:
    """Refuse a correction that changes a field which stays as it was."""
    detail = f"A correction keeps the {field.replace('_', ' ')}, which is {value}."
    return Refused(codes.CORRECTION_FIXED, detail, (FieldError(f"/data/{field}", "a correction keeps it"),))


def holds(fact: Fact, stated_by: int) -> bool:
    """Tell whether what a fact states holds from now on: it is no correction, or it corrects the entry that states what holds."""
    return fact.corrects is None or fact.corrects == stated_by
