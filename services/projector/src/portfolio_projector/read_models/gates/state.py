"""What the chronicle `gates` remembers."""

from datetime import date
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

Decision = Literal["go", "kill", "hold", "recycle", "conditional_go"]


class StagePlan(msgspec.Struct, frozen=True):
    """When a stage was to begin and to end, and what it may miss, by one planning of it."""

    act: Act
    start: date
    finish: date
    cost: int | None = None
    days: int | None = None


class Visit(msgspec.Struct):
    """One time that a stage was entered. `ended` is where the next was entered, when nobody said that this one had ended."""

    entered: Act
    ended: Act | None = None
    is_implied: bool = False


class Stage(msgspec.Struct):
    """A stage: every planning of it, every time that it was entered."""

    name: str | None = None
    plans: list[StagePlan] = []
    visits: list[Visit] = []


class Review(msgspec.Struct, frozen=True):
    """A gate that was held while the initiative was in `stage`."""

    act: Act
    gate: str
    stage: str | None
    decision: Decision
    criteria: list[tuple[str, Literal["must", "should"], bool]]
    conditions: list[str]
    evidence: list[str]
    proposed_by: str


class Report(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a source called an item's status, stage or milestone, in its own words; None where it has none any more."""

    act: Act
    value: str | None


class TargetMove(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A target for a gate of an item was set, moved or cleared; None is no target."""

    act: Act
    target: str | None


class Item(msgspec.Struct):
    """What the source of an item said of it: every stage and every target; of status and milestone, which change daily, the last.

    `moved_to` is the backlog that it went over to last.
    """

    moved_to: str | None = None
    status: Report | None = None
    milestone: Report | None = None
    stages: list[Report] = []
    targets: dict[str, list[TargetMove]] = {}


class ModeChange(msgspec.Struct, frozen=True):
    """The initiative went on in another mode of delivery."""

    act: Act
    to: str


class Gates(msgspec.Struct):
    """The stages, gates and targets of an initiative or a product."""

    name: str | None = None
    mode: str | None = None
    currency: str | None = None
    mode_changes: list[ModeChange] = []
    stages: dict[str, Stage] = {}
    stage: str | None = None
    is_passed: bool = False
    exception: Act | None = None
    reviews: list[Review] = []
    items: dict[str, Item] = {}
