"""What money that is released by tranches lasts for, and how it is spread. Pure; amounts are minor units of one currency.

Sources: SAFe, Lean Budgets and their guardrails; Beyond Budgeting, resources just in time. Months are those of the books.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from portfolio_projector.metrics.reasons import NO_BURN, NO_CLOSED_MONTH, NO_SPEND, Unknown

BURN_MONTHS = 3

_PERIOD = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(\d\d)))?\Z")


class Closed(NamedTuple):
    """The months of the books that are complete, in their order, and what says so."""

    months: tuple[str, ...]
    by: Literal["books", "calendar"]


class Burn(NamedTuple):
    """What is spent in a month, and of which months it is the mean."""

    monthly: Fraction | Unknown
    months: tuple[str, ...]


class Deviation(NamedTuple):
    """How a share of what was spent differs from the share that it should be; `actual` less `target`."""

    target: Fraction | None
    actual: Fraction | Unknown
    difference: Fraction | Unknown | None

    @property
    def breach(self) -> Literal["over", "under"] | None:
        """Tell on which side of its target the share is."""
        if not isinstance(self.difference, Fraction) or self.difference == 0:
            return None
        return "over" if self.difference > 0 else "under"


def month_of(day: date) -> str:
    """Return the month of the books that a day lies in."""
    return f"{day:%Y-%m}"


def following(month: str) -> str:
    """Return the month after."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Return the months from one to another, both included; none where the other is earlier."""
    found = list[str]()
    while first <= last:
        found.append(first)
        first = following(first)
    return tuple(found)


def months_of(period: str) -> tuple[str, ...]:
    """Return the months of a fiscal period: a year, a half, a quarter or a month."""
    match = _PERIOD.match(period)
    if match is None:
        raise ValueError(f"{period} is no fiscal period.")
    year, half, quarter, month = match.groups()
    if month:
        return (period,)
    first, length = (
        (1, 12) if not (half or quarter) else ((int(half) - 1) * 6 + 1, 6) if half else ((int(quarter) - 1) * 3 + 1, 3)
    )
    return tuple(f"{year}-{first + n:02d}" for n in range(length))


def quarter_of(month: str) -> str:
    """Return the quarter that a month lies in, `2024-Q2`."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def closed_months(closed: Collection[str], first: str, today: date) -> Closed:
    """Return the months that are complete, of those from the first that matters until today.

    Those that the books have closed; where they have closed none at all, those whose last day has come.
    """
    if closed:
        return Closed(tuple(sorted(month for month in closed if first <= month <= month_of(today))), "books")
    over = months_between(first, month_of(today))
    if today.day < monthrange(today.year, today.month)[1]:
        over = over[:-1]
    return Closed(over, "calendar")


def burn(spent: Mapping[str, int], complete: Sequence[str]) -> Burn:
    """Return the mean of what was spent in the last three complete months, or in those that there are."""
    months = tuple(complete[-BURN_MONTHS:])
    if not months:
        return Burn(NO_CLOSED_MONTH, ())
    return Burn(Fraction(sum(spent.get(month, 0) for month in months), len(months)), months)


def runway(balance: int, monthly: Fraction | Unknown) -> Fraction | Unknown:
    """Return for how many months the balance lasts when it is spent as before: below 0 where more is spent than was released."""
    if isinstance(monthly, Unknown):
        return monthly
    return balance / monthly if monthly > 0 else NO_BURN


def deviations(spent: Mapping[str, int], targets: Mapping[str, Decimal]) -> dict[str, Deviation]:
    """Compare the share of each key with its target; a key without a target has no deviation.

    Shares are of what has a key. Where reversals leave nothing, or less than nothing, there are none.
    """
    whole = sum(spent.values())
    found = dict[str, Deviation]()
    for key in [*targets, *sorted(spent.keys() - targets.keys())]:
        target = Fraction(targets[key]) if key in targets else None
        actual = Fraction(spent.get(key, 0), whole) if whole > 0 else NO_SPEND
        difference = None if target is None else actual if isinstance(actual, Unknown) else actual - target
        found[key] = Deviation(target, actual, difference)
    return found


def forecast(
    spent: Mapping[str, int], months: Iterable[str], complete: Collection[str], rate: Callable[[str], Fraction | Unknown]
) -> Fraction | Unknown:
    """Return what will have been spent in some months: what was, in complete ones, and the month's rate in each other.

    Where more than the rate was spent in a month that is not complete yet, it is that. Without a rate for a month there is none.
    """
    total = Fraction(0)
    for month in months:
        known = Fraction(spent.get(month, 0))
        if month not in complete:
            expected = rate(month)
            if isinstance(expected, Unknown):
                return expected
            known = max(known, expected)
        total += known
    return total
