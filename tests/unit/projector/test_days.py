"""The day of an answer: of the instant that is asked about, as the portfolio tells its days apart."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from portfolio_projector.http.moments import Moment, in_zone

AUCKLAND = ZoneInfo("Pacific/Auckland")


def past(at: datetime) -> Moment:
    """A moment of the past."""
    return Moment(0, at.date(), settled=True, instant=at)


def test_today_is_the_day_of_the_zone_in_the_past_too():
    """An entry that was recorded at noon in UTC was recorded on the day after in Auckland."""
    assert date(2026, 7, 2) == in_zone(past(datetime(2026, 7, 1, 12, tzinfo=UTC)), AUCKLAND).today
    assert date(2026, 7, 1) == in_zone(past(datetime(2026, 7, 1, 11, 59, tzinfo=UTC)), AUCKLAND).today


def test_a_day_that_is_asked_for_is_that_day():
    """`effective` is a day of the zone already."""
    moment = replace(past(datetime(2026, 7, 1, 12, tzinfo=UTC)), effective=date(2026, 6, 1), today=date(2026, 6, 1))
    assert date(2026, 6, 1) == in_zone(moment, AUCKLAND).today


def test_the_last_instant_that_there_is_has_a_day():
    """Nothing is later than it, not even in Auckland."""
    assert date(9999, 12, 31) == in_zone(past(datetime(9999, 12, 31, 23, tzinfo=UTC)), AUCKLAND).today
