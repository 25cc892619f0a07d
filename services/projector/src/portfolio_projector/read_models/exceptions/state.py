"""What the chronicle `exceptions` remembers. Money is in minor units of the initiative's currency."""

from datetime import date
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

Dimension = Literal["cost", "time", "scope", "benefit", "risk", "quality"]


class Amounts(msgspec.Struct, frozen=True):
    """By how much something may be, or is expected to be, missed; only what was said."""

    cost: int | None = None
    days: int | None = None
    scope: str | None = None
    benefit: str | None = None


class Tolerance(msgspec.Struct, frozen=True):
    """So much may a dimension be missed, by one statement."""

    act: Act
    limits: Amounts
    proposed_by: str | None
    by: Literal["business_case", "tolerance"]


class Breach(msgspec.Struct, frozen=True):
    """Somebody expects that a tolerance will not hold."""

    act: Act
    dimension: Dimension
    forecast: Amounts
    basis: str


class Raised(msgspec.Struct):
    """An exception, and the plan that ended it."""

    act: Act
    dimension: Dimension
    options: list[str]
    plan: str | None = None
    ended: Act | None = None


class Draw(msgspec.Struct, frozen=True):
    """A part of the management reserve that went to a work package."""

    act: Act
    minor: int
    to: str
    proposed_by: str


class Promise(msgspec.Struct, frozen=True):
    """What a version of the plan promises, or all releases of an agile initiative together."""

    bac: int
    reserve: int | None
    finish: date


class Estimate(msgspec.Struct, frozen=True):
    """What is still to be spent, and when it will be finished, as it was reported last."""

    act: Act
    etc: int
    finish: date | None


class Exceptions(msgspec.Struct):
    """The limits of an initiative, and what went or may go beyond them.

    `estimate` is the last one of all remaining work, `estimates` those of work packages that are open.
    """

    name: str | None = None
    mode: str | None = None
    currency: str | None = None
    tolerances: dict[Dimension, list[Tolerance]] = {}
    breaches: list[Breach] = []
    raised: list[Raised] = []
    draws: list[Draw] = []
    promises: dict[str, Promise] = {}
    current: Promise | None = None
    estimate: Estimate | None = None
    estimates: dict[str, Estimate] = {}
