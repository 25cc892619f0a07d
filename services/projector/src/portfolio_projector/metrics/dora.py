"""Delivery performance after DORA: how often, how fast, how often with harm, and how soon it is over. Pure.

Sources: dora.dev (five metrics); fourkeys, METRICS.md and its queries; Apache DevLake, DORA metrics and
change_lead_time_calculator.go. Where they differ, what is counted is said in the definition of the metric.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from portfolio_projector.metrics.reasons import NO_DEPLOYMENTS, NO_INCIDENTS, Unknown

MedianKind = Literal["mean", "lower"]
Band = Literal["daily", "weekly", "monthly", "yearly"]

_DAILY_FROM = 3
_MINUTE = timedelta(minutes=1)


class Window(NamedTuple):
    """Days, the first and the last included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days there are, with those on which nothing happened."""
        return (self.last - self.first).days + 1

    def dates(self) -> Iterable[date]:
        """Go through the days."""
        return (self.first + timedelta(days=n) for n in range(self.days))


class Stages(NamedTuple):
    """The lead time of a change in minutes, by stage. A stage whose end is before its beginning, or not known, is None."""

    coding: int | None
    pickup: int | None
    review: int | None
    deploy: int | None
    cycle: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """When what happened to a change; `authored_at` is its earliest commit."""

    authored_at: datetime | None = None
    opened_at: datetime | None = None
    reviewed_at: datetime | None = None
    merged_at: datetime | None = None
    deployed_at: datetime | None = None


def median(values: Sequence[int], kind: MedianKind = "mean") -> Fraction | None:
    """Return the middle value; of an even number the mean of the two in the middle, or the lower; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return Fraction(low + high, 2) if kind == "mean" else Fraction(low)


def minutes(start: datetime | None, end: datetime | None) -> int | None:
    """Return the minutes from one moment to another, rounded up; None where one is not known or they are in the wrong order."""
    if start is None or end is None or end < start:
        return None
    return -((start - end) // _MINUTE)


def stages(change: Change) -> Stages:
    """Return the stages of a change as DevLake tells them apart.

    Coding: earliest commit to review opened, or to the merge where there was no review. Pickup: review opened to the first
    review. Review: first review to merge. Deploy: merge to the finish of the first successful deployment into production that
    holds it. The cycle is coding, opened to merged, and deploy, each 0 where it is None; of a change that was deployed without
    having been merged it is the time from commit to deployment. None where the change is neither.
    """
    opened, merged, deployed = change.opened_at, change.merged_at, change.deployed_at
    coding = minutes(change.authored_at, opened or merged)
    deploy = minutes(merged, deployed)
    cycle = None
    if merged is not None:
        cycle = sum(part or 0 for part in (coding, minutes(opened, merged), deploy))
    elif deployed is not None:
        cycle = minutes(change.authored_at, deployed)
    pickup, review = minutes(opened, change.reviewed_at), minutes(change.reviewed_at, merged)
    return Stages(coding, pickup, review, deploy, cycle)


def commit_to_deployment(change: Change) -> int | None:
    """Return the minutes from the earliest commit to the deployment, after fourkeys: none where that is 0 or below."""
    return minutes(change.authored_at, change.deployed_at) or None


def rate(numerator: int, denominator: int) -> Fraction | Unknown:
    """Return a share of deployments; there is none of none."""
    return Fraction(numerator, denominator) if denominator else NO_DEPLOYMENTS


def change_failure_rate(deployments: Iterable[str], causes: Iterable[str | None]) -> Fraction | Unknown:
    """Return the share of the deployments that caused an incident; one that caused several counts once."""
    made = set(deployments)
    return rate(len(made & set(causes)), len(made))


class Nearest:
    """Finds the deployment after which an incident began: the last that had finished by then."""

    def __init__(self, finished: Mapping[str, datetime]) -> None:
        self._order = sorted((instant, deployment) for deployment, instant in finished.items())
        self._instants = [instant for instant, _ in self._order]

    def before(self, instant: datetime) -> str | None:
        """Return it, None where nothing was deployed before."""
        place = bisect_right(self._instants, instant)
        return self._order[place - 1][1] if place else None


def recovery(spans: Iterable[tuple[datetime | None, datetime | None]], kind: MedianKind = "mean") -> Fraction | Unknown:
    """Return the median minutes from a beginning (a deployment, or an incident) to the resolution; what has none is left out."""
    known = [span for span in (minutes(start, end) for start, end in spans) if span is not None]
    found = median(known, kind)
    return NO_INCIDENTS if found is None else found


class Frequency(NamedTuple):
    """On how many days of each week and month something was deployed; weeks and months without are there with 0."""

    deployments: int
    days: int
    weeks: tuple[int, ...]
    months: tuple[int, ...]

    @property
    def per_day(self) -> Fraction:
        """Deployments in a day of the window."""
        return Fraction(self.deployments, self.days)

    def days_per_week(self, kind: MedianKind) -> Fraction:
        """Return the median number of days in a week on which something was deployed."""
        return median(self.weeks, kind) or Fraction(0)

    def band(self, kind: MedianKind) -> Band | Unknown:
        """Return how often that is: on three days of the usual week, in the usual week, in the usual month, or more rarely."""
        if not self.deployments:
            return NO_DEPLOYMENTS
        usual = self.days_per_week(kind)
        if usual >= _DAILY_FROM:
            return "daily"
        if usual >= 1:
            return "weekly"
        return "monthly" if (median(self.months, kind) or 0) >= 1 else "yearly"


def frequency(deployed_on: Sequence[date], window: Window) -> Frequency:
    """Count deployments, a day for each, by the weeks (from Monday) and months that the window touches."""
    inside = [day for day in deployed_on if window.first <= day <= window.last]
    weeks, months = dict.fromkeys(map(_week, window.dates()), 0), dict.fromkeys(map(_month, window.dates()), 0)
    for day in Counter(inside):
        weeks[_week(day)] += 1
        months[_month(day)] += 1
    return Frequency(len(inside), window.days, tuple(weeks.values()), tuple(months.values()))


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)
