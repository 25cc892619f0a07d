"""What is known of the members of a portfolio, by their subjects."""

from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

Method = Literal["wsjf", "npv", "cod"]


class Money(msgspec.Struct, frozen=True, array_like=True):
    """An amount in minor units."""

    minor: int
    currency: str


class Weights(msgspec.Struct, frozen=True, array_like=True):
    """What weighted shortest job first weighs, as decimals."""

    value: str
    time_criticality: str
    risk_reduction: str
    size: str


class Score(msgspec.Struct, frozen=True, array_like=True):
    """How somebody weighed a member; of the last three fields the one that the method names is there."""

    method: Method
    scorer: str
    act: Act
    wsjf: Weights | None
    npv: Money | None
    cost_of_delay: Money | None


class Move(msgspec.Struct, frozen=True, array_like=True):
    """A member took its place after another, or the first."""

    after: str | None
    act: Act


class Stay(msgspec.Struct):
    """From when until when something was a member."""

    mode: str | None
    theme: str | None
    horizon: str | None
    admitted: Act
    released: Act | None = None


class Member(msgspec.Struct):
    """An initiative or a product; lists are in the order of the log."""

    stays: list[Stay] = []
    moves: list[Move] = []
    scores: list[Score] = []


class Membership(msgspec.Struct):
    """Everything that was a member or was weighed, the members in their order, and whether the portfolio has ended."""

    members: dict[str, Member] = {}
    order: list[str] = []
    closed: Act | None = None
