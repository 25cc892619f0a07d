"""What can be asked about a burn-up: which release, between which states, and how futures are drawn."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from portfolio_projector.http.reading import DIGITS
from portfolio_projector.metrics import forecasting
from portfolio_projector.read_models.iterations.forecasts import Draws


@dataclass(frozen=True, kw_only=True, slots=True)
class StatesAsked:
    """From which state on items are in scope, and at which they count as done; None is as soon and as late as it can be."""

    scope_from: str | None
    done_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseAsked:
    """A release, None for the one that is worked on; and how futures are drawn."""

    release: str | None
    draws: Draws


async def _states(
    scope_from: Annotated[
        str | None,
        Query(min_length=1, max_length=200, description="items are in scope from this state on; else once they are added"),
    ] = None,
    done_at: Annotated[
        str | None, Query(min_length=1, max_length=200, description="items count as done from this state on; else once completed")
    ] = None,
) -> StatesAsked:
    return StatesAsked(scope_from=scope_from, done_at=done_at)


async def _release(
    release: Annotated[
        str | None,
        Query(
            pattern=r"^[A-Za-z0-9._-]{1,64}$", description="a release; else the one that is worked on at the day of the answer"
        ),
    ] = None,
    seed: Annotated[
        Annotated[int, Field(ge=0, le=forecasting.SEED_MAX), DIGITS] | None,
        Query(description="draws futures with it, even where all could be looked at"),
    ] = None,
    runs: Annotated[
        int, Field(ge=1, le=forecasting.RUNS_MAX), DIGITS, Query(description="how many futures are drawn")
    ] = forecasting.RUNS,
) -> ReleaseAsked:
    return ReleaseAsked(release=release, draws=Draws(seed, runs))


AskedStates = Annotated[StatesAsked, Depends(_states)]
AskedRelease = Annotated[ReleaseAsked, Depends(_release)]
