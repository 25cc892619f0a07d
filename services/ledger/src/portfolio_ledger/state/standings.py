"""Standings: where the ledger stands in each portfolio."""

from dataclasses import dataclass

from portfolio_schemas.follow import NEW_PLACE, Place


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the ledger stands in a portfolio. `intake_offset`: its own position in intake, where it is stopped or catches up."""

    place: Place = NEW_PLACE
    recordedtime: str = ""
    intake_offset: int | None = None


NEW_STANDING = Standing()
