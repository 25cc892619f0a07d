"""What is known of benefits and objectives, by their ids."""

from datetime import date
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act, in_time

Conclusion = Literal["Realised", "NotRealised"]
BenefitState = Literal["Identified", "Targeted", "Measured", "Realised", "NotRealised"]


class Point(msgspec.Struct, frozen=True, array_like=True):
    """A value that was, is or shall be on a day: a baseline, a measurement, a target.

    `note` is how it was measured, or who proposed it.
    """

    day: date
    value: str
    note: str | None
    act: Act


class Owner(msgspec.Struct, frozen=True, array_like=True):
    """Who answers for it from then on."""

    owner: str
    act: Act


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """It went along when its member became another."""

    before: str
    to: str
    act: Act


class Benefit(msgspec.Struct):
    """A benefit; lists are in the order of the log."""

    title: str
    kind: str
    unit: str
    member: str
    identified: Act
    owners: list[Owner]
    baselines: list[Point] = []
    targets: list[Point] = []
    measurements: list[Point] = []
    carried: list[Carried] = []
    conclusion: Conclusion | None = None
    concluded: Act | None = None

    @property
    def owners_in_time(self) -> list[Owner]:
        """Who answered for it, by when they did."""
        return in_time(self.owners, since=self.identified.at)

    @property
    def state(self) -> BenefitState:
        """How far it is: what was said of it last, until somebody says whether it came."""
        if self.conclusion is not None:
            return self.conclusion
        if not self.targets:
            return "Identified"
        return "Measured" if self.measurements else "Targeted"


class Way(msgspec.Struct, frozen=True, array_like=True):
    """From where to where a key result goes, as it was set last or before."""

    title: str
    start: str
    target: str
    act: Act


class KeyResult(msgspec.Struct):
    """By what it is told how far an objective is; lists are in the order of the log.

    On a day it may be measured, and only set anew by then: without a way it is none yet.
    """

    unit: str = ""
    ways: list[Way] = []
    measurements: list[Point] = []


class Objective(msgspec.Struct):
    """What is to be better after a cycle: of a member, or of the portfolio where that is None."""

    title: str
    cycle: str
    member: str | None
    parent: str | None
    owner: str | None
    description: str | None
    act: Act
    key_results: dict[str, KeyResult] = {}


class Outcomes(msgspec.Struct):
    """All benefits and objectives."""

    benefits: dict[str, Benefit] = {}
    objectives: dict[str, Objective] = {}
