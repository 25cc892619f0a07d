"""The funding limits of a portfolio, by fiscal period, and what was released in each month."""

from collections.abc import Mapping
from datetime import date

from msgspec import field
from msgspec.structs import replace

from portfolio_ledger.domain.decider import Refused, State, States
from portfolio_schemas import codes

KEY = "limits/portfolio"


class Limits(State, frozen=True):
    """Limits in minor units by fiscal period, and what was released by the month from which it is valid."""

    limits: Mapping[str, int] = field(default_factory=dict[str, int])
    released: Mapping[str, int] = field(default_factory=dict[str, int])

    def released_in(self, period: str) -> int:
        """Return what was released in a fiscal period."""
        return sum(minor for month, minor in self.released.items() if month in months_of(period))


KINDS: Mapping[str, type[State]] = {"limits": Limits}


def of(states: States) -> Limits:
    """Return the limits; without any event there are none."""
    state = states.get(KEY)
    return state if isinstance(state, Limits) else Limits()


def months_of(period: str) -> frozenset[str]:
    """Return the months of a fiscal period: `2026`, `2026-H1`, `2026-Q3`, `2026-07`."""
    year, part = period[:4], period[4:].lstrip("-")
    if not part:
        first, count = 1, 12
    elif part[0] == "H":
        first, count = 6 * int(part[1]) - 5, 6
    elif part[0] == "Q":
        first, count = 3 * int(part[1]) - 2, 3
    else:
        first, count = int(part), 1
    return frozenset(f"{year}-{month:02d}" for month in range(first, first + count))


def limited(states: States, period: str, minor: int) -> Mapping[str, State]:
    """Return the limits with one set anew."""
    known = of(states)
    return {KEY: replace(known, limits={**known.limits, period: minor})}


def released(states: States, day: date, minor: int) -> Mapping[str, State]:
    """Return the limits after a release."""
    known, month = of(states), f"{day:%Y-%m}"
    return {KEY: replace(known, released={**known.released, month: known.released.get(month, 0) + minor})}


def check_release(states: States, day: date, minor: int) -> Refused | None:
    """Refuse a release that is above a limit of a period in which its first day lies."""
    known, month = of(states), f"{day:%Y-%m}"
    for period, limit in known.limits.items():
        if month in months_of(period) and known.released_in(period) + minor > limit:
            left = limit - known.released_in(period)
            return Refused(
                codes.OVER_LIMIT, f"Of the limit of {period}, {limit} minor units, {left} are left; {minor} would be released."
            )
    return None


def check_limit(states: States, period: str, minor: int) -> Refused | None:
    """Refuse a limit below what was released already."""
    done = of(states).released_in(period)
    return (
        Refused(codes.OVER_LIMIT, f"{done} minor units are released in {period} already: the limit cannot be lower, {minor}.")
        if minor < done
        else None
    )
