"""Forecasts: what a seed promises, how simulation and exact enumeration agree, and where there is nothing to forecast."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import forecasting
from portfolio_projector.metrics.forecasting import SHARES, Distribution
from portfolio_projector.metrics.reasons import BEYOND_HORIZON, NO_SAMPLES, NO_THROUGHPUT, Unknown

THROUGHPUT = [3, 0, 2, 5, 1, 4, 2, 0]
SAMPLES = st.lists(st.integers(0, 4), min_size=1, max_size=4).filter(any)


def test_a_seed_gives_the_same_futures_on_every_machine_and_in_every_version():
    """The counts of a small simulation, written down: the generator is part of the promise."""
    found = forecasting.when(THROUGHPUT, 10, seed=42, runs=1000)
    assert dict(found.weights) == {2: 12, 3: 136, 4: 246, 5: 229, 6: 159, 7: 109, 8: 56, 9: 34, 10: 13, 11: 4, 12: 1, 14: 1}
    assert found == forecasting.when(THROUGHPUT, 10, seed=42, runs=1000)
    assert found != forecasting.when(THROUGHPUT, 10, seed=43, runs=1000)
    amounts = forecasting.how_many(THROUGHPUT, 4, seed=42, runs=10)
    assert [(int(amount), weight) for amount, weight in amounts.weights] == [(6, 2), (7, 1), (8, 3), (9, 3), (11, 1)]


def test_a_default_seed_depends_on_everything_that_was_asked_and_nothing_else():
    """The same question has the same seed; another has another; every seed fits into an event."""
    one = forecasting.seed_of("acme", "pay", 17, 12)
    assert (one, one) == (forecasting.seed_of("acme", "pay", 17, 12), forecasting.seed_of("acme", "pay", "17", "12"))
    assert one != forecasting.seed_of("acme", "pay", 171, 2)
    assert 0 <= one <= forecasting.SEED_MAX


def test_certain_futures_are_certain():
    """Where every period is the same there is one outcome; what remains is covered, not nearly covered; nothing takes no time."""
    assert forecasting.when([3], 10, seed=1, runs=50) == Distribution([(4, 50)], 50)
    assert forecasting.when_exactly([3], 10) == Distribution([(4, Fraction(1))], Fraction(1))
    assert forecasting.when([3], 0, seed=1, runs=50) == Distribution([(0, 50)], 50)
    assert forecasting.when_exactly([3], 0) == Distribution([(0, 1)], 1)
    assert forecasting.how_many([Decimal("2.5")], 3, seed=1, runs=5) == Distribution([(Fraction(15, 2), 5)], 5)


@pytest.mark.parametrize(("samples", "reason"), [([], NO_SAMPLES), ([0, 0], NO_THROUGHPUT), ([0, 1], None)])
def test_without_throughput_there_is_no_forecast(samples: list[int], reason: Unknown | None):
    """No period observed, or nothing finished in any of them: neither 0 nor never, but no figure and why."""
    assert forecasting.no_basis(samples) == reason


def test_percentiles_say_how_sure_one_can_be():
    """`within`: at most so long in so many of 100 cases. `at_least`: at least so much in so many of 100 cases."""
    of_ten = Distribution([(1, 5), (2, 3), (4, 2)], 10)
    assert [of_ten.within(share) for share in SHARES.values()] == [1, 4, 4]
    assert [of_ten.at_least(share) for share in SHARES.values()] == [2, 1, 1]
    assert of_ten.at_least(Fraction(1, 5)) == 4
    cut = Distribution([(1, 5)], 10)
    assert [cut.within(share) for share in SHARES.values()] == [1, BEYOND_HORIZON, BEYOND_HORIZON]


def test_what_takes_longer_than_the_horizon_has_no_percentile_there():
    """A future of more than 520 periods is not followed to its end; a percentile among them is unknown."""
    slow = forecasting.when([0] * 99 + [1], 10, seed=7, runs=200)
    assert slow.within(SHARES["p95"]) is BEYOND_HORIZON
    assert sum(weight for _, weight in slow.weights) < slow.total
    assert max(periods for periods, _ in slow.weights) <= forecasting.PERIODS_MAX


@given(SAMPLES, st.integers(0, 4))
def test_exactly_is_every_sequence_counted(samples: list[int], periods: int):
    """The exact distribution is that of all sequences of draws, each as likely as any other."""
    every = Counter(sum(futures) for futures in product(samples, repeat=periods))
    found = forecasting.how_many_exactly(samples, periods)
    assert found == Distribution(sorted(every.items()), len(samples) ** periods)


@given(SAMPLES, st.integers(1, 6))
def test_when_and_how_many_are_two_sides_of_one_distribution(samples: list[int], remaining: int):
    """What remains is covered within n periods exactly as often as n periods cover it."""
    found = forecasting.when_exactly(samples, remaining)
    assert found is not None
    weights = dict(found.weights)
    for periods in range(1, min(max(weights), 8) + 1):
        covered = forecasting.how_many_exactly(samples, periods)
        assert covered is not None
        enough = sum(count for amount, count in covered.weights if amount >= remaining)
        assert sum(weight for n, weight in weights.items() if n <= periods) == Fraction(enough, covered.total)


@pytest.mark.parametrize("remaining", [1, 10, 40])
def test_a_simulation_comes_close_to_what_is_exact(remaining: int):
    """Of 20,000 futures the share that ends within n periods is the exact one, within two points of 100."""
    exact, found = forecasting.when_exactly(THROUGHPUT, remaining), forecasting.when(THROUGHPUT, remaining, seed=3, runs=20_000)
    assert exact is not None
    simulated = dict(found.weights)
    for periods, _ in exact.weights:
        share = Fraction(sum(weight for n, weight in simulated.items() if n <= periods), found.total)
        assert abs(share - sum(weight for n, weight in exact.weights if n <= periods)) < Fraction(2, 100)


@given(st.lists(st.decimals(0, 20, places=2), min_size=1, max_size=6).filter(any), st.integers(1, 10), st.integers(0, 99))
def test_points_are_added_exactly_and_more_certainty_never_promises_more(samples: list[Decimal], periods: int, seed: int):
    """Amounts have the digits that samples have; p95 takes no less time than p50, and promises no more."""
    amounts = forecasting.how_many(samples, periods, seed=seed, runs=50)
    assert all((amount * 100).denominator == 1 for amount, _ in amounts.weights)
    promised = [amount for share in SHARES.values() if isinstance(amount := amounts.at_least(share), Fraction)]
    assert promised == sorted(promised, reverse=True)
    futures = forecasting.when(samples, 5, seed=seed, runs=50)
    spans = [span if isinstance(span := futures.within(share), int) else 1000 for share in SHARES.values()]
    assert spans == sorted(spans)


def test_what_is_too_much_work_is_not_enumerated():
    """An exact distribution is for small cases; a large one is refused before it is begun in earnest."""
    assert forecasting.when_exactly(list(range(100)), 100_000) is None
    assert forecasting.how_many_exactly(list(range(100)), 500) is None
