"""When a release may be done: by mean velocity, by all futures that its iterations allow, and by what people published. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act
from portfolio_projector.metrics import agile, definitions, forecasting, metric, reasons
from portfolio_projector.metrics.forecasting import Distribution
from portfolio_projector.metrics.metric import TextMetric
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.iterations import progress
from portfolio_projector.read_models.iterations.progress import Step
from portfolio_projector.read_models.iterations.state import Release


@dataclass(frozen=True, slots=True)
class Draws:
    """How futures are drawn: with a seed, so often. Without a seed all are looked at where they are few."""

    seed: int | None = None
    runs: int = forecasting.RUNS


@dataclass(frozen=True, slots=True)
class Outlook:
    """A release as of its last closed iteration, and the points that remain."""

    name: str
    release: Release
    steps: Sequence[Step]
    remaining: Decimal


class Simulated(BaseModel):
    """When the remaining points are done, if iterations go on like those before, drawn with replacement."""

    p50: TextMetric
    p85: TextMetric
    p95: TextMetric
    method: Literal["exact", "monte_carlo"] | None = Field(description="`exact`: all futures at once, where they are few")
    samples: list[str] = Field(description="the points of the iterations that are drawn from")
    seed: int | None
    runs: int | None


class Published(BaseModel):
    """A forecast that somebody published."""

    method: str
    p50: date
    p85: date
    p95: date | None
    items: int | None
    seed: int | None
    runs: int | None
    published: Act


class Forecasts(BaseModel):
    """When the release may be done."""

    planned_finish: date
    release_day: TextMetric = Field(description="by mean velocity")
    simulated: Simulated
    published: list[Published]


def forecasts(outlook: Outlook, draws: Draws) -> dict[str, Any]:
    """Return all forecasts of a release."""
    release, steps = outlook.release, outlook.steps
    done = steps[-1].done if steps else agile.Done(0, agile.NOTHING, 0)
    iterations = agile.figures(progress.plan_of(release), done).iterations_by_velocity
    day = agile.day_after(release.start, release.iteration_days, iterations)
    return {
        "planned_finish": progress.planned_finish(release),
        "release_day": metric.text(definitions.RELEASE_DAY, day if isinstance(day, Unknown) else day.isoformat()),
        "simulated": simulated(outlook, draws),
        "published": published(release),
    }


def published(release: Release) -> list[dict[str, Any]]:
    """Return the forecasts of a release that somebody published, in the order in which they were."""
    return [
        {
            "method": one.method,
            "p50": one.p50,
            "p85": one.p85,
            "p95": one.p95,
            "items": one.items,
            "seed": one.seed,
            "runs": one.runs,
            "published": act(one.act),
        }
        for one in in_time(release.forecasts)
    ]


def simulated(outlook: Outlook, draws: Draws) -> dict[str, Any]:
    """Return when what remains is done, if iterations go on like those before."""
    samples, release = progress.velocities(outlook.steps), outlook.release
    nothing = reasons.SHIPPED if release.shipped is not None else forecasting.no_basis(samples)
    drawn = [metric.decimal_text(one, definitions.POINTS.digits) for one in samples]
    if nothing is not None:
        days = {share: metric.text(definitions.RELEASE_FORECAST, nothing) for share in forecasting.SHARES}
        return {"method": None, "samples": drawn, "seed": None, "runs": None, **days}
    found = None if draws.seed is not None else forecasting.when_exactly(samples, outlook.remaining)
    if found is not None:
        told: dict[str, Any] = {"method": "exact", "samples": drawn, "seed": None, "runs": None}
    else:
        seed = forecasting.seed_of(outlook.name, *samples, outlook.remaining) if draws.seed is None else draws.seed
        told = {"method": "monte_carlo", "samples": drawn, "seed": seed, "runs": draws.runs}
        found = forecasting.when(samples, outlook.remaining, seed=seed, runs=draws.runs)
    return {**told, **_shares(release, outlook.steps[-1].day, found)}


def _shares(release: Release, since: date, found: Distribution[int]) -> dict[str, Any]:
    days = dict[str, Any]()
    for name, share in forecasting.SHARES.items():
        periods = found.within(share)
        day = agile.day_after(since, release.iteration_days, periods)
        days[name] = metric.text(definitions.RELEASE_FORECAST, day if isinstance(day, Unknown) else day.isoformat())
    return days
