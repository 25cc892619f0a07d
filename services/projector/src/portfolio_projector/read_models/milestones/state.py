"""What the chronicle `milestones` remembers."""

from datetime import date

import msgspec

from portfolio_projector.folding.acts import Act


class Planned(msgspec.Struct, frozen=True):
    """A milestone as a version of the plan has it."""

    milestone: str
    name: str
    date: date


class Promised(msgspec.Struct, frozen=True):
    """The date of a milestone in a baseline that was approved."""

    act: Act
    version: int
    date: date


class Expected(msgspec.Struct, frozen=True):
    """When somebody expected a milestone, or on which day it was reached."""

    act: Act
    date: date


class Milestone(msgspec.Struct):
    """A milestone: every date that was promised for it, every forecast, and when it was reached."""

    name: str | None = None
    promised: list[Promised] = []
    forecasts: list[Expected] = []
    reached: Expected | None = None


class Milestones(msgspec.Struct):
    """The milestones of an initiative by id."""

    name: str | None = None
    mode: str | None = None
    proposals: dict[str, list[Planned]] = {}
    current: int | None = None
    milestones: dict[str, Milestone] = {}
