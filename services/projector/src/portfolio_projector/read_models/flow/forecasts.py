"""What is to be expected of a backlog, by the weeks that it has had. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from portfolio_projector.metrics import definitions, flow, forecasting, metric
from portfolio_projector.metrics.forecasting import SHARES, Distribution
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.flow.journeys import Journeys
from portfolio_projector.read_models.flow.window import Shown, monday, written

_WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulation:
    """What is simulated: by how many weeks of the past, how many times; for how many weeks ahead, and with which seed, if any."""

    window: int
    runs: int
    weeks: int
    seed: int | None


def first_day(window: int, over: int) -> int:
    """Return the first day of the earliest week that samples can be of: what was done before it is none of them."""
    return monday(over + 1) - window * _WEEK


def samples(journeys: Journeys, window: int, over: int) -> list[tuple[int, int]]:
    """Return the last whole weeks that are over, by their Mondays, and how many items were done in each.

    Weeks before the first one that began with something in the backlog are none of it.
    """
    added = [one.passage.reached[0] for one in journeys.found if one.passage.reached[0] is not None]
    if not added:
        return []
    end = monday(over + 1) - 1
    begin = max(monday(min(added) + _WEEK - 1), first_day(window, over))
    starts = list(range(begin, end, _WEEK))
    counts = flow.per_period((one.done for one in journeys.found if one.done is not None), starts, end)
    return list(zip(starts, counts, strict=True))


def tell(weeks: Sequence[tuple[int, int]], remaining: int, today: date, asked: Simulation, question: Sequence[object]) -> Shown:
    """Return in how many weeks what remains is done, and how much is done in so many weeks.

    `question` is what the seed is derived from where none is given, beside what is drawn from.
    """
    drawn = [count for _, count in weeks]
    seed = _seed(drawn, remaining, asked, question)
    return {
        "samples": [{"first_day": written(first), "throughput": count} for first, count in weeks],
        "method": "monte_carlo",
        "generator": forecasting.GENERATOR,
        "seed": seed,
        "runs": asked.runs,
        "remaining": remaining,
        "weeks": asked.weeks,
        "last_day": (today + timedelta(days=_WEEK * asked.weeks)).isoformat(),
        **_told(drawn, remaining, today, asked, seed),
    }


def p85(
    weeks: Sequence[tuple[int, int]], remaining: int, today: date, asked: Simulation, question: Sequence[object]
) -> str | Unknown:
    """Return the day by which `tell` says that what remains is done in 85 of 100 cases."""
    drawn = tuple(count for _, count in weeks)
    nothing = forecasting.no_basis(drawn)
    if nothing is not None:
        return nothing
    found = _simulated(drawn, remaining, _seed(drawn, remaining, asked, question), asked.runs)
    return _day(found.within(SHARES["p85"]), today)


def _seed(drawn: Sequence[int], remaining: int, asked: Simulation, question: Sequence[object]) -> int:
    return forecasting.seed_of(*question, remaining, asked.runs, asked.weeks, *drawn) if asked.seed is None else asked.seed


@lru_cache(maxsize=1000)
def _simulated(drawn: tuple[int, ...], remaining: int, seed: int, runs: int) -> Distribution[int]:
    """Remember what was simulated: an overview asks for the same of every product until something is done."""
    return forecasting.when(drawn, remaining, seed=seed, runs=runs)


def _told(drawn: Sequence[int], remaining: int, today: date, asked: Simulation, seed: int) -> Shown:
    nothing = forecasting.no_basis(drawn)
    if nothing is not None:
        return {"when": _when(nothing, today), "when_exactly": None, "how_many": _how_many(nothing), "how_many_exactly": None}
    when, how_many = forecasting.when_exactly(drawn, remaining), forecasting.how_many_exactly(drawn, asked.weeks)
    return {
        "when": _when(_simulated(tuple(drawn), remaining, seed, asked.runs), today),
        "when_exactly": None if when is None else _when(when, today),
        "how_many": _how_many(forecasting.how_many(drawn, asked.weeks, seed=seed, runs=asked.runs)),
        "how_many_exactly": None if how_many is None else _how_many(how_many),
    }


def _when(found: Distribution[int] | Unknown, today: date) -> list[Shown]:
    weeks = ((share, found if isinstance(found, Unknown) else found.within(share)) for share in SHARES.values())
    return [
        {
            "share": metric.decimal_text(share, 2),
            "weeks": metric.count(definitions.FORECAST_WHEN, count),
            "day": metric.text(definitions.FORECAST_DAY, _day(count, today)),
        }
        for share, count in weeks
    ]


def _day(weeks: int | Unknown, today: date) -> str | Unknown:
    return weeks if isinstance(weeks, Unknown) else (today + timedelta(days=_WEEK * weeks)).isoformat()


def _how_many(found: Distribution[Fraction] | Unknown) -> list[Shown]:
    amounts = ((share, found if isinstance(found, Unknown) else found.at_least(share)) for share in SHARES.values())
    return [
        {
            "share": metric.decimal_text(share, 2),
            **metric.count(definitions.FORECAST_HOW_MANY, amount if isinstance(amount, Unknown) else int(amount)),
        }
        for share, amount in amounts
    ]
