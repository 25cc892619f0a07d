"""Working days and hours of the demo's company: no weekends, no holidays, local time with its offset."""

from datetime import UTC, date, datetime, time, timedelta, timezone

MONTHS = 24
"""So long is the story, and what there is already of the month in which it ends."""

_SATURDAY = 5
_FEASTS = ((1, 1), (4, 27), (5, 1), (12, 25), (12, 26))
ZONE = "Europe/Amsterdam"


class Days:
    """The days of a story that ends before a date. Months count from 0; the first lies `MONTHS` before that in which it ends."""

    def __init__(self, end: date) -> None:
        self.end = end
        self.begin = _add_months(end.replace(day=1), -MONTHS)

    def month(self, number: int) -> date:
        """Return the first day of a month of the story."""
        return _add_months(self.begin, number)

    def workday(self, month: int, number: int) -> date:
        """Return the n-th working day of a month, from 1."""
        day = self.month(month)
        while not is_workday(day) or (number := number - 1):
            day += timedelta(days=1)
        return day

    def at(self, months: float) -> date:
        """Return the working day that lies so many months after the beginning."""
        whole = int(months)
        return next_workday(self.month(whole) + timedelta(days=int((months - whole) * 30)))

    def all(self, first: date, last: date) -> list[date]:
        """Return the working days from one day to another, before the end of the story."""
        days = (first + timedelta(days=n) for n in range((min(last, self.end - timedelta(days=1)) - first).days + 1))
        return [day for day in days if is_workday(day)]

    def holidays(self, years_after: int = 1) -> list[date]:
        """Return the holidays of the story's years, and of some after it."""
        years = range(self.begin.year, self.end.year + years_after + 1)
        return [date(year, month, day) for year in years for month, day in _FEASTS]


def is_workday(day: date) -> bool:
    """Tell whether anybody works on a day."""
    return day.weekday() < _SATURDAY and (day.month, day.day) not in _FEASTS


def next_workday(day: date) -> date:
    """Return the day, or the first working day after it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def add_workdays(day: date, count: int) -> date:
    """Return the working day that lies so many after a day; back for a negative count."""
    step = timedelta(days=1 if count > 0 else -1)
    while count:
        day += step
        count -= is_workday(day) and (1 if count > 0 else -1)
    return day


def moment(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """Return a local time, with the offset that the day has in the company's zone."""
    zone = timezone(timedelta(hours=2 if _is_summer(day) else 1))
    return datetime.combine(day, time(hour, minute, second), zone)


def utc(instant: datetime) -> datetime:
    """Return an instant in UTC, by which all are ordered."""
    return instant.astimezone(UTC)


def _is_summer(day: date) -> bool:
    """Tell whether a day lies between the last Sundays of March and October, by the rule of the European Union."""
    return _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _add_months(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, min(day.day, 28))
