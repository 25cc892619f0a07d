"""Standings: where the ledger stands in each portfolio."""

from dataclasses import dataclass
from typing import NamedTuple

from portfolio_schemas.follow import NEW_PLACE, Place


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the ledger stands in a portfolio. `intake_offset`: its own position in intake, where it is stopped or catches up."""

    place: Place = NEW_PLACE
    recordedtime: str = ""
    intake_offset: int | None = None


NEW_STANDING = Standing()


LOG_LOST = "LOG_LOST"


class Trouble(NamedTuple):
    """Why a whole partition stands still and waits for an operator: LOG_LOST or INTAKE_LOST, and a sentence."""

    code: str
    detail: str
