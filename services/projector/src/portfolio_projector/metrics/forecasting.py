"""Forecasts from what was finished before: Monte Carlo with a seed, and the exact distribution where a case is small. Pure.

A future draws one period of the past after the other, with replacement, until what remains is covered (`when`), or for a number
of periods (`how_many`); nothing is assumed of how throughput is distributed. Periods without anything finished are periods too:
leaving them out would promise too much. Amounts are items or points, and are added exactly.

Sources: T. Magennis, Forecasting and Simulating Software Development Projects (2011); D. Vacanti, When Will It Be Done? (2018).
"""

import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Generic, TypeVar

from portfolio_projector.metrics.reasons import BEYOND_HORIZON, NO_SAMPLES, NO_THROUGHPUT, Unknown

Amount = int | Decimal | Fraction
"""Items or points."""

GENERATOR = "mt19937"
"""The Mersenne Twister as Python's `random.Random(seed)` seeds it. Of n samples a future takes the one at `floor(random() * n)`.

`random()` is the one method whose sequence Python keeps the same in all versions.
"""

RUNS = 10_000
RUNS_MAX = 20_000
SEED_MAX = 2**53 - 1
PERIODS_MAX = 520
"""Ten years of weeks. A future that is not covered by then is not simulated further."""

SHARES = {"p50": Fraction(50, 100), "p85": Fraction(85, 100), "p95": Fraction(95, 100)}

_STEPS_MAX = 200_000
"""How much work an exact distribution may be: about a tenth of a second."""

Outcome = TypeVar("Outcome", int, Fraction)


@dataclass(frozen=True, slots=True)
class Distribution(Generic[Outcome]):
    """How often each outcome came about, in rising order, out of `total`. What is missing to the total lies above all of them."""

    weights: Sequence[tuple[Outcome, int | Fraction]]
    total: int | Fraction

    def within(self, share: Fraction) -> Outcome | Unknown:
        """Return the least outcome that at least this share of all cases do not exceed."""
        reached: int | Fraction = 0
        for outcome, weight in self.weights:
            reached += weight
            if reached >= share * self.total:
                return outcome
        return BEYOND_HORIZON

    def at_least(self, share: Fraction) -> Outcome | Unknown:
        """Return the largest outcome that at least this share of all cases reach."""
        reached = self.total - sum(weight for _, weight in self.weights)
        for outcome, weight in reversed(self.weights):
            reached += weight
            if reached >= share * self.total:
                return outcome
        return BEYOND_HORIZON


def seed_of(*question: object) -> int:
    """Derive a seed from everything that a question depends on: who asks the same again is answered the same."""
    text = "\x1f".join(map(str, question))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) & SEED_MAX


def no_basis(samples: Sequence[Amount]) -> Unknown | None:
    """Return why nothing can be forecast from samples; None when something can."""
    if not samples:
        return NO_SAMPLES
    return None if any(samples) else NO_THROUGHPUT


def when(samples: Sequence[Amount], remaining: Amount, *, seed: int, runs: int) -> Distribution[int]:
    """Return in how many periods what remains is covered, in so many simulated futures. There must be a basis: see `no_basis`."""
    (left, *drawn), _ = _whole([remaining, *samples])
    draw, count = random.Random(seed).random, len(drawn)  # noqa: S311  a simulation, not a secret
    if left > PERIODS_MAX * max(drawn):
        return Distribution([], runs)
    found = Counter[int]()
    for _ in range(runs):
        open_, periods = left, 0
        while open_ > 0 and periods <= PERIODS_MAX:
            open_ -= drawn[int(draw() * count)]
            periods += 1
        found[periods] += 1
    found.pop(PERIODS_MAX + 1, None)
    return Distribution(sorted(found.items()), runs)


def how_many(samples: Sequence[Amount], periods: int, *, seed: int, runs: int) -> Distribution[Fraction]:
    """Return how much is finished in so many periods, in so many simulated futures. There must be a basis."""
    drawn, scale = _whole(samples)
    draw, count = random.Random(seed).random, len(drawn)  # noqa: S311  a simulation, not a secret
    found = Counter(sum([drawn[int(draw() * count)] for _ in range(periods)]) for _ in range(runs))
    return Distribution([(Fraction(amount, scale), weight) for amount, weight in sorted(found.items())], runs)


def when_exactly(samples: Sequence[Amount], remaining: Amount) -> Distribution[int] | None:
    """Return the same as `when` for all possible futures at once, as far as 99 of 100 reach; None when that is too much work."""
    (left, *drawn), _ = _whole([remaining, *samples])
    if left <= 0:
        return Distribution([(0, 1)], 1)
    steps, chances, work = Counter(drawn), Counter({0: 1}), 0
    weights, covered, futures = list[tuple[int, Fraction]](), Fraction(0), 1
    for periods in range(1, PERIODS_MAX + 1):
        work += len(chances) * len(steps)
        if work > _STEPS_MAX:
            return None
        futures *= len(drawn)
        after = _convolved(chances, steps)
        chances = Counter({done: count for done, count in after.items() if done < left})
        arrived = Fraction(after.total() - chances.total(), futures)
        weights += [(periods, arrived)] if arrived else []
        covered += arrived
        if covered >= Fraction(99, 100):
            break
    return Distribution(weights, Fraction(1))


def how_many_exactly(samples: Sequence[Amount], periods: int) -> Distribution[Fraction] | None:
    """Return the same as `how_many` for all possible futures at once; None when that is too much work."""
    drawn, scale = _whole(samples)
    steps, chances, work = Counter(drawn), Counter({0: 1}), 0
    for _ in range(periods):
        work += len(chances) * len(steps)
        if work > _STEPS_MAX:
            return None
        chances = _convolved(chances, steps)
    return Distribution([(Fraction(amount, scale), count) for amount, count in sorted(chances.items())], chances.total())


def _convolved(chances: Counter[int], steps: Counter[int]) -> Counter[int]:
    after = Counter[int]()
    for done, count in chances.items():
        for step, times in steps.items():
            after[done + step] += count * times
    return after


def _whole(amounts: Sequence[Amount]) -> tuple[list[int], int]:
    """Return amounts as whole numbers of a unit that divides them all, and how many of it make one."""
    exact = [Fraction(amount) for amount in amounts]
    scale = lcm(*(one.denominator for one in exact))
    return [int(one * scale) for one in exact], scale
