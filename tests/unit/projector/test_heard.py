"""What is heard of a member: what was finished on the last days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portfolio_projector.read_models.overview.fold import HEARD
from portfolio_projector.read_models.overview.state import Heard
from tests.chronicles import concerning, state_of
from tests.histories import History

AUCKLAND, KOLKATA, UTC_ZONE = ZoneInfo("Pacific/Auckland"), ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")


def test_days_begin_where_the_portfolio_is():
    """What was finished at noon in UTC was finished on the day after in Auckland, and 28 days later it is told no longer."""
    heard = Heard()
    heard.finish(datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert [heard.finished_by(date(2026, 7, day), AUCKLAND) for day in (1, 2, 29, 30)] == [0, 1, 1, 0]
    assert [heard.finished_by(date(2026, 7, day), UTC_ZONE) for day in (1, 28, 29)] == [1, 1, 0]


def test_a_day_may_begin_at_half_past():
    """The day of Kolkata begins at half past six in the evening of UTC."""
    heard = Heard()
    heard.finish(datetime(2026, 7, 1, 18, 29, 59, tzinfo=UTC))
    heard.finish(datetime(2026, 7, 1, 18, 30, tzinfo=UTC))
    assert [heard.finished_by(date(2026, 7, day), KOLKATA) for day in (1, 2)] == [1, 2]


def test_what_is_said_of_all_members_is_a_word_about_none():
    """A guardrail of the whole portfolio makes no member fresh, and none that is not there yet silent; its own is heard."""
    history = History("acme")
    rail = {"kind": "work_type", "limits": {"feature": "0.5"}, "proposed_by": "bo"}
    history.add("portfolio.guardrail-set", "portfolio/acme", rail, source="/office")
    assert state_of(HEARD, concerning(history.facts(), "product/pay"), "product/pay").sources == {}
    own = history.add("portfolio.guardrail-set", "portfolio/acme", {**rail, "member": "product/pay"}, source="/office")
    heard = state_of(HEARD, concerning(history.facts(), "product/pay"), "product/pay")
    assert [(source, word.entry) for source, word in heard.sources.items()] == [("/office", own.entry)]


def test_what_is_long_past_is_forgotten():
    """However much was finished, and at however many times, only what can be asked about is kept."""
    heard, first = Heard(), datetime(2020, 1, 1, tzinfo=UTC)
    for hours in range(20_000):
        heard.finish(first + timedelta(hours=hours))
    last = first + timedelta(hours=19_999)
    assert heard.finished_by(last.date(), UTC_ZONE) == 27 * 24 + last.hour + 1
    assert len(heard.finished) < 6_000


def test_the_last_day_that_there_is_can_be_asked_about():
    """Nothing was finished on it."""
    assert Heard().finished_by(date(9999, 12, 31), AUCKLAND) == 0
