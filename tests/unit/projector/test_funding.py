"""Funding by tranches: a worked example, retyped, and what must hold for any spending."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import funding
from portfolio_projector.metrics.reasons import NO_BURN, NO_CLOSED_MONTH, NO_FORECAST, NO_SPEND, Unknown

SPENT = {"2024-01": 90, "2024-02": 100, "2024-03": 110, "2024-04": 120, "2024-05": 100, "2024-06": 80}
"""A product that gets 300, 300 and 200 in the first days of three quarters, made up."""


@pytest.mark.parametrize(("today", "released", "lasts"), [(date(2024, 6, 30), 600, 0), (date(2024, 7, 1), 800, 2)])
def test_a_balance_lasts_as_long_as_the_last_three_months_would_have_spent_it(today: date, released: int, lasts: int):
    """600 of 600 are spent at the end of June; the tranche of July lasts two months at 100 a month."""
    complete = funding.closed_months((), "2024-01", today)
    found = funding.burn(SPENT, complete.months)
    assert (found.monthly, found.months) == (100, ("2024-04", "2024-05", "2024-06"))
    assert funding.runway(released - sum(SPENT.values()), found.monthly) == lasts


def test_shares_differ_from_the_guardrail():
    """Of the second quarter's 300 a tenth too much went to features, and a tenth too little to debt."""
    spent = {"feature": 210, "debt": 30, "risk": 30, "defect": 30}
    targets = {"feature": Decimal("0.6"), "debt": Decimal("0.2"), "risk": Decimal("0.1"), "defect": Decimal("0.1")}
    found = funding.deviations(spent, targets)
    assert {key: one.actual for key, one in found.items()} == {
        "feature": Fraction(7, 10),
        "debt": Fraction(1, 10),
        "risk": Fraction(1, 10),
        "defect": Fraction(1, 10),
    }
    assert {key: one.difference for key, one in found.items()} == {
        "feature": Fraction(1, 10),
        "debt": Fraction(-1, 10),
        "risk": 0,
        "defect": 0,
    }
    assert [(key, one.breach) for key, one in found.items() if one.breach] == [("feature", "over"), ("debt", "under")]


def test_what_was_spent_on_something_without_a_target_is_shown():
    """It has a share and no deviation; a target without spending has the whole deviation."""
    found = funding.deviations({"feature": 100}, {"debt": Decimal("0.2")})
    assert (found["feature"].target, found["feature"].actual, found["feature"].difference) == (None, 1, None)
    assert (found["debt"].actual, found["debt"].breach) == (0, "under")


def test_there_are_no_shares_of_nothing():
    """Nothing spent, or everything taken back, deviates from nothing."""
    for spent in ({}, {"debt": 10, "risk": -10}):
        found = funding.deviations(spent, {"debt": Decimal("0.2")})["debt"]
        assert (found.actual, found.difference, found.breach) == (NO_SPEND, NO_SPEND, None)


def test_nothing_spent_has_no_runway():
    """A balance that nobody touches does not last for so many months, nor for 0."""
    assert funding.runway(200, funding.burn({}, ("2024-04", "2024-05", "2024-06")).monthly) == NO_BURN
    assert funding.runway(200, funding.burn(SPENT, ()).monthly) == NO_CLOSED_MONTH


def test_an_overspent_balance_has_a_runway_below_zero():
    """It is over since as many months."""
    assert funding.runway(-50, Fraction(100)) == Fraction(-1, 2)


def test_the_books_say_which_months_are_complete():
    """Where they have closed any month, one that is over and not closed may lack invoices."""
    books = funding.closed_months({"2024-04", "2024-03", "2023-12"}, "2024-01", date(2024, 6, 30))
    assert books == (("2024-03", "2024-04"), "books")
    calendar = funding.closed_months((), "2024-05", date(2024, 7, 30))
    assert calendar == (("2024-05", "2024-06"), "calendar")


def test_a_young_product_burns_by_the_months_that_it_has():
    """Not by a third of what one month took."""
    assert funding.burn({"2024-06": 90}, ("2024-06",)).monthly == 90


@pytest.mark.parametrize(
    ("period", "first", "last", "count"),
    [
        ("2024", "2024-01", "2024-12", 12),
        ("2024-H2", "2024-07", "2024-12", 6),
        ("2024-Q2", "2024-04", "2024-06", 3),
        ("2024-07", "2024-07", "2024-07", 1),
    ],
)
def test_fiscal_periods_are_made_of_months(period: str, first: str, last: str, count: int):
    """Of a year, a half, a quarter, or one."""
    assert funding.months_of(period) == funding.months_between(first, last)
    assert len(funding.months_of(period)) == count


def test_a_forecast_is_what_was_spent_and_the_rate_for_the_rest():
    """Two complete months, a running one that took more than the rate already, and one to come."""
    months = ("2024-01", "2024-02", "2024-03", "2024-04")
    complete = {"2024-01", "2024-02"}
    assert funding.forecast(SPENT, months, complete, lambda _: Fraction(95)) == 90 + 100 + 110 + 120
    assert funding.forecast({"2024-01": 90}, months, complete, lambda _: Fraction(95)) == 90 + 0 + 95 + 95


def test_a_month_without_a_rate_has_no_forecast():
    """It is not taken for one in which nothing is spent."""

    def rate(month: str) -> Fraction | Unknown:
        return Fraction(95) if month < "2024-04" else NO_FORECAST

    assert funding.forecast(SPENT, ("2024-02", "2024-03"), {"2024-02"}, rate) == 210
    assert funding.forecast(SPENT, ("2024-03", "2024-04"), {"2024-02"}, rate) == NO_FORECAST


months = st.integers(2000 * 12, 2100 * 12).map(lambda number: f"{number // 12:04d}-{number % 12 + 1:02d}")


@given(months, st.integers(0, 50))
def test_months_follow_each_other_without_a_gap(first: str, count: int):
    """And each lies in its quarter."""
    last = first
    for _ in range(count):
        last = funding.following(last)
    found = funding.months_between(first, last)
    assert (found[0], found[-1], len(found)) == (first, last, count + 1)
    assert list(found) == sorted(found)
    assert all(month in funding.months_of(funding.quarter_of(month)) for month in found)


amounts = st.integers(-(10**15), 10**15)


@given(st.dictionaries(st.sampled_from("abcd"), amounts), st.dictionaries(st.sampled_from("bcde"), st.decimals(0, 1, places=3)))
def test_shares_are_all_of_it(spent: dict[str, int], targets: dict[str, Decimal]):
    """What has a key adds up to 1, and deviations to what the targets leave."""
    found = funding.deviations(spent, targets)
    assert found.keys() == spent.keys() | targets.keys()
    actual = [one.actual for one in found.values() if isinstance(one.actual, Fraction)]
    if sum(spent.values()) > 0:
        assert sum(actual) == 1
        assert all(one.difference == one.actual - one.target for one in found.values() if one.target is not None
                   and isinstance(one.actual, Fraction))  # fmt: skip
    else:
        assert actual == []


@given(amounts, st.lists(amounts, min_size=3, max_size=3))
def test_a_balance_is_its_runway_times_the_burn(balance: int, spent: list[int]):
    """Exactly."""
    months = ("2024-04", "2024-05", "2024-06")
    monthly = funding.burn(dict(zip(months, spent, strict=True)), months).monthly
    lasts = funding.runway(balance, monthly)
    assert isinstance(monthly, Fraction)
    if isinstance(lasts, Unknown):
        assert monthly <= 0
    else:
        assert lasts * monthly == balance
