"""Figures as people read them: money in its units, days, and why something has no figure."""

from collections.abc import Mapping
from typing import Any

NOTHING = "-"

WITHOUT_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
"""Currencies of ISO 4217 that have no minor units, and thousandths of them; all others have hundredths."""

_REASONS = {
    "ENDED": "none, it has ended",
    "NO_BASELINE": "no approved baseline yet",
    "NO_BUDGET": "the baseline has no budget",
    "NO_COST": "no cost posted yet",
    "NOT_GIVEN": "not given",
    "NO_FUNDING": "no money was released",
    "NO_CLOSED_MONTH": "no month is complete yet",
    "NO_BURN": "nothing was spent lately",
    "NO_DEPLOYMENTS": "nothing was deployed",
    "NO_CHANGES": "no change is known",
    "NO_INCIDENTS": "no incident is over",
    "NO_ERROR_BUDGET": "nothing may go wrong",
    "NOTHING_DONE": "nothing was done",
    "NO_TIME": "nothing was done",
    "NO_SAMPLES": "no whole week yet",
    "NO_THROUGHPUT": "nothing was done in these weeks",
    "BEYOND_HORIZON": "in more than ten years",
    "NO_CALENDAR": "no working calendar",
    "NO_PROGRESS": "nothing earned yet",
    "NOT_STARTED_YET": "not begun",
    "TOO_EARLY": "too little is done to say",
}
"""Why a figure is missing, by the read API's codes; another code is shown as it is."""


def money(amount: dict[str, Any], *, signed: bool = False) -> str:
    """Return an amount of minor units in its currency, with the minor ones where there are any."""
    currency, minor = str(amount["currency"]), int(amount["minor"])
    digits = 0 if currency in WITHOUT_MINOR else 3 if currency in THOUSANDTHS else 2
    whole, rest = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else "+" if signed and minor > 0 else ""
    return f"{currency} {sign}{whole:,}" + (f".{rest:0{digits}}" if rest else "")


def figure(one: dict[str, Any]) -> str:
    """Return a figure of the read API, or why there is none."""
    value = one["value"]
    if value is None:
        return f"{NOTHING} ({why(one)})"
    return day(value) if isinstance(value, str) else money(value)


def why(one: Mapping[str, Any]) -> str:
    """Return why a figure is missing."""
    return _REASONS.get(str(one["reason"]), str(one["reason"]))


def day(instant: str | None) -> str:
    """Return the day of an instant or a day, as it was stated."""
    return NOTHING if instant is None else instant[:10]


def share(fraction: str) -> str:
    """Return a fraction such as 0.25 as percent."""
    return f"{float(fraction):.0%}".replace("%", " %")


def days(count: int) -> str:
    """Return a difference of days with its sign."""
    return f"{count:+d} d" if count else "0 d"


def duration(minutes: str) -> str:
    """Return minutes in the two largest units that they fill: `2 d 3 h`."""
    left, parts = round(float(minutes)), list[str]()
    for unit, size in (("d", 1440), ("h", 60), ("min", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 min"
