"""What the chronicle `change_requests` remembers."""

from datetime import date
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

StateName = Literal["Raised", "Assessed", "Approved", "Rejected", "Implemented", "Withdrawn"]
Kind = Literal["scope", "time", "cost", "quality", "other"]


class Assessment(msgspec.Struct, frozen=True):
    """What somebody found that a change would mean; money in minor units."""

    act: Act
    cost: int | None
    days: int | None
    findings: str


class Baseline(msgspec.Struct, frozen=True):
    """A baseline that was approved by a change request, with what it promises otherwise than the one before."""

    act: Act
    version: int
    change_class: str
    bac: int | None
    days: int | None


class Tranche(msgspec.Struct, frozen=True):
    """Money that was released by a change request."""

    act: Act
    number: int
    minor: int


class ChangeRequest(msgspec.Struct):
    """A change request, and every answer to it."""

    raised: Act
    title: str
    kind: Kind
    cost: int | None
    days: int | None
    scope: str | None
    affected: list[str]
    state: StateName = "Raised"
    assessments: list[Assessment] = []
    decided: Act | None = None
    implemented: Act | None = None
    withdrawn: Act | None = None
    baselines: list[Baseline] = []
    tranches: list[Tranche] = []


class Promise(msgspec.Struct, frozen=True):
    """What a version of the plan promises: its budget in minor units, and its last day."""

    bac: int
    finish: date


class ChangeRequests(msgspec.Struct):
    """The change requests of an initiative by id, and what versions of its plan promise."""

    name: str | None = None
    mode: str | None = None
    currency: str | None = None
    requests: dict[str, ChangeRequest] = {}
    promises: dict[str, Promise] = {}
    current: str | None = None
