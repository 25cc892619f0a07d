"""Working time: counted without walking, and the same as counted by walking."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import working_time
from portfolio_projector.metrics.working_time import DAY, HOUR
from portfolio_schemas.values import Calendar

BRUSSELS = ZoneInfo("Europe/Brussels")
QUARTER = HOUR // 4
OFFICE: dict[str, Any] = {
    "name": "office",
    "working_hours": ["08:00-12:00", "13:00-17:00"],
    "working_days": ["mon", "tue", "wed", "thu", "fri"],
    "holidays": ["2026-04-06", "2026-05-01", "2026-05-02"],
    "zone": "Europe/Brussels",
}


def calendar(**changes: Any) -> working_time.WorkingTime:  # noqa: ANN401  the parts of a calendar
    """A calendar of offices, or one that differs from it."""
    return working_time.of(Calendar.model_validate(OFFICE | changes))


def at(text: str) -> int:
    """A moment on the wall clock."""
    return working_time.wall(datetime.fromisoformat(text).replace(tzinfo=UTC), UTC)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-03-02T08:00", "2026-03-02T17:00", 8),
        ("2026-03-02T11:30", "2026-03-02T13:30", 1),
        ("2026-03-02T12:00", "2026-03-02T13:00", 0),
        ("2026-03-06T16:00", "2026-03-09T09:00", 2),
        ("2026-04-03T08:00", "2026-04-07T17:00", 16),
        ("2026-03-27T08:00", "2026-03-30T17:00", 16),
        ("2026-03-02T17:00", "2026-03-02T08:00", 0),
    ],
)
def test_working_time_is_that_of_working_hours_on_working_days(since: str, until: str, hours: int):
    """Breaks, nights, weekends, holidays and the change of clocks have no hours of their own; backwards there are none."""
    assert calendar().between(at(since), at(until)) == hours * HOUR


def test_half_days_and_other_minutes_count_as_they_are():
    """A span of three and a half hours is that; a day on which nobody else works is a day."""
    saturdays = calendar(working_hours=["08:30-12:00"], working_days=["sat"])
    assert saturdays.between(at("2026-03-02T00:00"), at("2026-03-16T00:00")) == 7 * HOUR
    night = calendar(working_hours=["22:00-24:00"])
    assert night.between(at("2026-03-02T23:00"), at("2026-03-03T23:00")) == 2 * HOUR


def test_so_much_time_has_passed_at_the_end_of_an_hour_not_at_the_start_of_the_next():
    """Eight hours after Friday morning it is Friday evening; nothing after a moment is that moment."""
    office = calendar()
    friday = at("2026-03-06T08:00")
    assert office.after(friday, 8 * HOUR) == at("2026-03-06T17:00")
    assert office.after(friday, 9 * HOUR) == at("2026-03-09T09:00")
    assert office.after(friday, 0) == friday


def test_without_a_calendar_every_hour_counts():
    """Also those of the night."""
    always = working_time.always(BRUSSELS)
    assert always.between(at("2026-03-06T17:00"), at("2026-03-09T08:00")) == 63 * HOUR


def test_an_instant_is_read_on_the_clock_of_the_zone():
    """Summer and winter, and back again; a zone that nobody knows is UTC, and the ends of the calendar do no harm."""
    winter, summer = datetime(2026, 1, 5, 7, tzinfo=UTC), datetime(2026, 7, 6, 6, tzinfo=UTC)
    assert working_time.wall(winter, BRUSSELS) == at("2026-01-05T08:00")
    assert working_time.wall(summer, BRUSSELS) == at("2026-07-06T08:00")
    assert working_time.instant(at("2026-07-06T08:00"), BRUSSELS) == summer
    assert working_time.zone_of("Mars/Olympus") == UTC
    last = working_time.wall(datetime.max.replace(tzinfo=UTC), BRUSSELS)
    assert working_time.day_of(last) == date.max
    assert working_time.day_of(working_time.day_ends(date.max)) == date.max


def test_months_end_on_their_last_days():
    """From the month of one day to that of another; of too many the newest are told, and the last month of all has its end."""
    assert working_time.months(date(2026, 1, 31), date(2026, 3, 1), at_most=100) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]
    assert working_time.months(date(1, 1, 1), date(2026, 3, 1), at_most=1) == [date(2026, 3, 31)]
    assert working_time.months(date(9999, 12, 1), date.max, at_most=5) == [date.max]


moments = st.integers(at("2026-01-01T00:00") // QUARTER, at("2026-07-01T00:00") // QUARTER).map(lambda number: number * QUARTER)
HOURS = [["08:00-12:00", "13:00-17:00"], ["09:15-11:45"], ["00:00-24:00"], ["06:00-07:00", "07:15-24:00"]]
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
calendars = st.builds(
    Calendar,
    name=st.just("any"),
    working_hours=st.sampled_from(HOURS),
    working_days=st.lists(st.sampled_from(WEEK), min_size=1, max_size=7),
    holidays=st.lists(st.dates(date(2026, 1, 1), date(2026, 6, 30)), max_size=10),
    zone=st.just("UTC"),
)


def of_day(text: str) -> int:
    """A time of day, since midnight."""
    return DAY if text == "24:00" else at(f"2026-01-01T{text}") % DAY


def walked(working: Calendar, since: int, until: int) -> int:
    """Working time, counted quarter by quarter."""
    spans = [(of_day(span[:5]), of_day(span[6:])) for span in working.working_hours]
    total = 0
    for quarter in range(since, until, QUARTER):
        day = working_time.day_of(quarter)
        if WEEK[day.weekday()] in working.working_days and day not in working.holidays:
            total += QUARTER * any(begin <= quarter % DAY < end for begin, end in spans)
    return total


@given(calendars, moments, st.integers(0, 60 * 96))
def test_counting_is_the_same_as_walking(working: Calendar, since: int, quarters: int):
    """For any calendar, between any two moments; and so much time later it is the first moment at which so much has passed."""
    time, until = working_time.of(working), since + quarters * QUARTER
    passed = time.between(since, until)
    assert walked(working, since, until) == passed
    reached = time.after(since, passed)
    assert time.between(since, reached) == passed
    assert reached <= until
    assert not passed or time.between(since, reached - 1) < passed
