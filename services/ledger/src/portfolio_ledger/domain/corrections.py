"""What a correction may not change: the parts of a body on which identity and conservation rest."""

from portfolio_ledger.domain.decider import FieldError, Refused
from portfolio_schemas import codes


def fixed(field: str, value: object) -> Refused:
    """Refuse a correction that changes a field which stays as it was."""
    detail = f"A correction keeps the {field.replace('_', ' ')}, which is {value}."
    return Refused(codes.CORRECTION_FIXED, detail, (FieldError(f"/data/{field}", "a correction keeps it"),))
