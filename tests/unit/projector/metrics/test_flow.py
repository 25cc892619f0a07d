"""The formulas of flow: worked examples, edge cases, and what holds for every set of items."""

from bisect import bisect_right
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import flow
from portfolio_projector.metrics.flow import Passage, Scored
from portfolio_projector.metrics.reasons import NEVER_STEADY, NO_OPEN_ITEMS, NO_SIZE, NO_TIME, NOTHING_DONE


def visited(visits: list[tuple[int, int]], *, last_entry: bool = True) -> list[int | None]:
    """The days on which an item reached four columns that it visited (day, column)."""
    reached, at = list[int | None]([None] * 4), -1
    for day, column in visits:
        flow.visit(reached, at, column, day, last_entry=last_entry)
        at = column
    return reached


def test_what_was_skipped_was_reached_with_the_next_column():
    """An item that goes from the backlog straight to the third column reached the second that day too."""
    assert visited([(10, 0), (12, 2)]) == [10, 12, 12, None]


def test_going_back_is_not_having_reached_what_lies_ahead_and_the_last_entry_counts():
    """Into test, back to build, into test again: test counts from the second time, or from the first where that is chosen."""
    visits = [(1, 0), (2, 1), (4, 2), (6, 1)]
    assert visited(visits) == [1, 2, None, None]
    assert visited([*visits, (9, 3)]) == [1, 2, 9, 9]
    assert visited([*visits, (9, 3)], last_entry=False) == [1, 2, 4, 9]


VISITS = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3)), min_size=1, max_size=12)


@given(VISITS)
def test_a_column_was_reached_when_the_item_was_below_it_for_the_last_time(steps: list[tuple[int, int]]):
    """Whatever way an item went: the day of the step after it was last below the column; None where it is below it now."""
    visits = [(sum(days for days, _ in steps[: n + 1]), column) for n, (_, column) in enumerate(steps)]
    expected = list[int | None]()
    for column in range(4):
        below = max((n for n, (_, at) in enumerate(visits) if at < column), default=-1)
        expected.append(visits[below + 1][0] if below + 1 < len(visits) else None)
    assert visited(visits) == expected


@given(VISITS)
def test_without_the_last_entry_a_column_was_reached_when_the_item_was_there_or_beyond_for_the_first_time(
    steps: list[tuple[int, int]],
):
    """What was reached once stays reached."""
    visits = [(sum(days for days, _ in steps[: n + 1]), column) for n, (_, column) in enumerate(steps)]
    expected = [next((day for day, at in visits if at >= column), None) for column in range(4)]
    assert visited(visits, last_entry=False) == expected


def test_what_leaves_undone_counts_until_that_day_and_no_longer():
    """It was in work until then: the cumulative flow falls where it leaves, and work in progress is right on every day."""
    table = flow.cumulative([Passage((1, 2, None)), Passage((1, 2, None), left=4)], 3, 1, 5)
    assert table == [[2, 0, 0], [2, 2, 0], [2, 2, 0], [1, 1, 0], [1, 1, 0]]


REACHED = st.lists(st.integers(0, 60), min_size=1, max_size=4).map(sorted)
PASSAGES = st.lists(
    st.tuples(REACHED, st.one_of(st.none(), st.integers(0, 20))).map(
        lambda one: Passage((*one[0], *[None] * (4 - len(one[0]))), None if one[1] is None else one[0][-1] + one[1])
    ),
    max_size=30,
)


@given(PASSAGES, st.integers(0, 60), st.integers(0, 30))
def test_the_cumulative_flow_is_what_counting_day_by_day_finds(passages: list[Passage], first: int, days: int):
    """The quick way and the plain one agree; a column never holds more than the one before it."""
    found = flow.cumulative(passages, 4, first, first + days)
    plain = [[sum(counts(one, column, day) for one in passages) for column in range(4)] for day in range(first, first + days + 1)]
    assert found == plain
    assert all(row == sorted(row, reverse=True) for row in found)


def counts(one: Passage, column: int, day: int) -> bool:
    """Whether an item is counted in a column at the end of a day."""
    at = one.reached[column]
    return at is not None and at <= day and (one.left is None or one.left > day)


@given(st.lists(st.integers(-5, 40)), st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True).map(sorted))
def test_every_period_has_a_count_and_every_day_of_the_window_one_period(days: list[int], starts: list[int]):
    """Periods without anything are 0, not missing; the counts add up to the days from the first start to the end."""
    counts = flow.per_period(days, starts, 35)
    assert len(counts) == len(starts)
    inside = [day for day in days if starts[0] <= day <= 35]
    assert sum(counts) == len(inside)
    assert [sum(1 for day in inside if bisect_right(starts, day) == n + 1) for n in range(len(starts))] == counts


def test_cycle_time_counts_days_that_elapsed_or_the_first_one_too():
    """From the 2nd to the 7th: five days, or six where the day of commitment counts."""
    assert (flow.cycle_time(2, 7), flow.cycle_time(2, 7, inclusive=True)) == (5, 6)


@pytest.mark.parametrize(("share", "expected"), [("0.1", "4.5"), ("0.5", "5"), ("0.9", "5"), ("0", "4"), ("1", "5")])
def test_percentiles_are_interpolated(share: str, expected: str):
    """Six cycle times, worked by hand: a tenth of the way lies half between the first and the second."""
    assert flow.percentile([5, 5, 4, 5, 5, 5], Fraction(share)) == Fraction(expected)


@given(st.lists(st.integers(0, 1000), min_size=1), st.fractions(0, 1), st.fractions(0, 1))
def test_percentiles_rise_and_stay_between_the_least_and_the_largest(values: list[int], one: Fraction, other: Fraction):
    """Whatever the values are."""
    low, high = (flow.percentile(values, share) for share in sorted((one, other)))
    assert isinstance(low, Fraction)
    assert isinstance(high, Fraction)
    assert min(values) <= low <= high <= max(values)


def test_what_has_no_basis_has_a_reason():
    """Nothing done, no time passed, nothing open, no size: no figure, and never 0."""
    assert flow.percentile([], Fraction(1, 2)) is NOTHING_DONE
    assert flow.mean([]) is NOTHING_DONE
    assert flow.efficiency(0, 0) is NO_TIME
    assert flow.distribution({"feature": 0, "debt": 0}) == {"feature": NOTHING_DONE, "debt": NOTHING_DONE}
    assert flow.churn(3, [0, 0]) is NO_OPEN_ITEMS
    assert Scored("A", 1, 1, 1, 0).wsjf is NO_SIZE


def test_shares_are_exact():
    """Three of four hours, a third of what was done, six changes of four open items on the average day."""
    assert flow.efficiency(3, 1) == Fraction(3, 4)
    assert flow.distribution({"feature": 1, "debt": 2}) == {"feature": Fraction(1, 3), "debt": Fraction(2, 3)}
    assert flow.churn(6, [3, 5]) == Fraction(3, 2)


def test_littles_law_is_a_check_over_windows_that_end_as_they_began():
    """Two in work each day, one done a day, two days each: it holds. Where work piles up it says nothing."""
    steady = flow.littles_law(2, [2, 2, 2, 2], [2, 2, 2, 2])
    assert (steady.average_wip, steady.implied_wip, steady.ratio) == (2, 2, 1)
    assert flow.littles_law(2, [2, 4, 2], [1]).ratio == 8
    assert flow.littles_law(2, [2, 3], [2]).ratio is NEVER_STEADY
    assert flow.littles_law(2, [2, 2], []).ratio is NOTHING_DONE


def names(scored: list[Scored]) -> list[str]:
    """Items in the order that is suggested."""
    return [one.item for one in flow.by_wsjf(scored)]


def test_weighted_shortest_job_first_by_worked_examples():
    """Two published pairs, with their costs of delay, scores and order."""
    first = [Scored("A", 100, 50, 20, 10), Scored("B", 80, 30, 10, 5)]
    assert [(one.cost_of_delay, one.wsjf) for one in first] == [(170, 17), (120, 24)]
    assert names(first) == ["B", "A"]
    second = [Scored("FA", 8, 5, 3, 4), Scored("FB", 6, 9, 2, 3)]
    assert [(one.cost_of_delay, one.wsjf) for one in second] == [(16, 4), (17, Fraction(17, 3))]
    assert names(second) == ["FB", "FA"]


def test_of_equal_scores_the_smaller_job_is_first_and_then_the_older():
    """And what has no score comes last: the order is the same whatever the items came in."""
    scored = [
        Scored("Y", 8, 3, 5, 4, older=1),
        Scored("X", 5, 1, 2, 2, older=2),
        Scored("W", 5, 1, 2, Decimal("2.0"), older=1),
        Scored("V", 9, 9, 9, 0),
    ]
    assert names(scored) == names(scored[::-1]) == ["W", "X", "Y", "V"]
